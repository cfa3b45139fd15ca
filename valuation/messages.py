"""The wording of every problem and warning, one entry a rule, in Dutch and English.

A text says where, what, and what to do. `{place}` is replaced by the place in the user's file
("Blad Taken, cel F12"); other names are the problem's value and parameters.
"""

from __future__ import annotations

from typing import Any

READING = {
    # The file as a whole
    "file_empty": (
        "Het bestand '{value}' is leeg. Kies een ander bestand, of begin met het sjabloon.",
        "The file '{value}' is empty. Choose another file, or start from the template.",
    ),
    "file_too_large": (
        "Het bestand '{value}' is {size} MB; het maximum is {limit} MB. Haal afbeeldingen en bladen weg die niet nodig zijn.",
        "The file '{value}' is {size} MB; the maximum is {limit} MB. Take out pictures and sheets that are not needed.",
    ),
    "file_too_heavy": (
        "Het bestand '{value}' vraagt bij het openen te veel geheugen of tijd en is daarom niet gelezen. Vaak staat er iets in "
        "een cel heel ver naar rechts of naar beneden. Kopieer de tabellen naar een nieuwe werkmap en probeer het opnieuw.",
        "The file '{value}' needs too much memory or time to open and was not read. Often there is something in a cell very "
        "far to the right or far down. Copy the tables to a new workbook and try again.",
    ),
    "file_damaged": (
        "Het bestand '{value}' is beschadigd of niet compleet. Open het in Excel of LibreOffice, sla het opnieuw op als .xlsx "
        "en probeer het nog eens.",
        "The file '{value}' is damaged or not complete. Open it in Excel or LibreOffice, save it again as .xlsx and try again.",
    ),
    "file_suspect": (
        "Het bestand '{value}' bevat opmaak die Excel nooit maakt en is daarom niet gelezen. Kopieer de tabellen naar een "
        "nieuwe werkmap en sla die op als .xlsx.",
        "The file '{value}' contains markup that Excel never makes and was not read. Copy the tables to a new workbook and "
        "save that as .xlsx.",
    ),
    "file_encrypted": (
        "Het bestand '{value}' heeft een wachtwoord. Haal het wachtwoord eraf (Bestand, Info, Werkmap beveiligen) en probeer "
        "het opnieuw.",
        "The file '{value}' has a password. Remove the password (File, Info, Protect Workbook) and try again.",
    ),
    "file_old_excel": (
        "Het bestand '{value}' heeft een oude indeling van Office (zoals .xls). Open het in Excel en sla het op als .xlsx.",
        "The file '{value}' has an old Office format (such as .xls). Open it in Excel and save it as .xlsx.",
    ),
    "file_other_kind": (
        "Het bestand '{value}' is {kind_nl}, geen Excel-werkmap (.xlsx). Sla de tabellen op als .xlsx en kies dat bestand.",
        "The file '{value}' is {kind_en}, not an Excel workbook (.xlsx). Save the tables as .xlsx and choose that file.",
    ),
    "sheet_too_large": (
        "Het blad '{sheet_name}' in '{value}' is te groot ({rows} rijen en {columns} kolommen). Verwijder lege rijen en "
        "kolommen onder en rechts van de tabel en probeer het opnieuw.",
        "The sheet '{sheet_name}' in '{value}' is too large ({rows} rows and {columns} columns). Delete empty rows and "
        "columns below and to the right of the table and try again.",
    ),
    "macros_ignored": (
        "De macro's in '{value}' zijn niet uitgevoerd. Alleen de waarden in de cellen zijn gelezen.",
        "The macros in '{value}' were not run. Only the values in the cells were read.",
    ),
    # Sheets and columns
    "sheet_missing": (
        "{place}: het blad '{name_nl}' ontbreekt. Voeg het toe, met de kolommen van het sjabloon.",
        "{place}: the sheet '{name_en}' is missing. Add it, with the columns of the template.",
    ),
    "sheet_similar": (
        "{place}: dit blad is niet herkend. Bedoelt u '{name_nl}'? Geef het blad dan die naam.",
        "{place}: this sheet was not recognised. Do you mean '{name_en}'? Then give the sheet that name.",
    ),
    "nothing_to_value": (
        "{place}: er is geen blad 'Objecten' en geen blad 'Initiatieven'. Voeg er minstens één toe, met de kolommen van het "
        "sjabloon.",
        "{place}: there is no sheet 'assets' and no sheet 'initiatives'. Add at least one, with the columns of the template.",
    ),
    "sheet_twice": (
        "{place}: dit blad betekent hetzelfde als blad '{first}'. Verwijder een van de twee of geef het een andere naam.",
        "{place}: this sheet means the same as sheet '{first}'. Delete one of the two or give it another name.",
    ),
    "column_missing": (
        "{place}: de kolom '{name_nl}' ontbreekt. Voeg deze kolom toe en vul hem in.",
        "{place}: the column '{name_en}' is missing. Add this column and fill it in.",
    ),
    "column_similar": (
        "{place}: deze kolom is niet herkend en wordt niet gebruikt. Bedoelt u '{name_nl}'? Geef de kolom dan precies die naam.",
        "{place}: this column was not recognised and is not used. Do you mean '{name_en}'? Then give the column exactly that name.",
    ),
    "column_twice": (
        "{place}: deze kolom staat er al, in kolom {first}. Verwijder een van de twee.",
        "{place}: this column is there already, in column {first}. Delete one of the two.",
    ),
    "assumption_missing": (
        "{place}: het uitgangspunt '{name_nl}' ontbreekt. Voeg een rij toe met '{name_nl}' en de waarde.",
        "{place}: the assumption '{name_en}' is missing. Add a row with '{name_en}' and the value.",
    ),
    "assumption_similar": (
        "{place}: '{value}' is geen bekend uitgangspunt en wordt niet gebruikt. Bedoelt u '{suggestion}'?",
        "{place}: '{value}' is not a known assumption and is not used. Do you mean '{suggestion}'?",
    ),
    "assumption_twice": (
        "{place}: '{value}' staat er al, in cel {first}. Verwijder een van de twee rijen.",
        "{place}: '{value}' is there already, in cell {first}. Delete one of the two rows.",
    ),
    "assumption_without_key": (
        "{place}: hier staat een waarde ({value}) zonder sleutel. Vul in welk uitgangspunt het is, of maak de rij leeg.",
        "{place}: there is a value ({value}) without a key. Fill in which assumption it is, or clear the row.",
    ),
    # One cell
    "required": (
        "{place}: deze cel is leeg, maar hier moet iets staan. Vul de cel in.",
        "{place}: this cell is empty, but something must stand here. Fill in the cell.",
    ),
    "excel_error": (
        "{place}: hier staat de Excel-fout {code}. Herstel de formule of typ de waarde.",
        "{place}: here stands the Excel error {code}. Repair the formula or type the value.",
    ),
    "formula_without_result": (
        "{place}: hier staat een formule waarvan de uitkomst niet in het bestand is bewaard. Open het bestand in Excel, sla het "
        "op en kies het opnieuw.",
        "{place}: here stands a formula whose result is not stored in the file. Open the file in Excel, save it and choose it again.",
    ),
    "not_a_number": (
        "{place}: '{value}' is geen getal. Vul een getal in, bijvoorbeeld 12.",
        "{place}: '{value}' is not a number. Fill in a number, for instance 12.",
    ),
    "not_a_number_or_price": (
        "{place}: '{value}' is geen getal en geen bekende prijscode. Vul een getal in, bijvoorbeeld 12,50, of een code uit de "
        "lijst met prijzen.",
        "{place}: '{value}' is neither a number nor a known price code. Fill in a number, for instance 12.50, or a code from "
        "the list of prices.",
    ),
    "not_a_number_or_price_similar": (
        "{place}: '{value}' is geen getal en geen bekende prijscode. Bedoelt u de prijscode '{suggestion}'?",
        "{place}: '{value}' is neither a number nor a known price code. Do you mean the price code '{suggestion}'?",
    ),
    "price_conflict": (
        "{place}: hier staat de prijscode '{value}', maar in de kolom Prijscode staat een andere code. Laat er één staan.",
        "{place}: here stands the price code '{value}', but the price code column has another code. Keep one of them.",
    ),
    "ambiguous_number": (
        "{place}: '{value}' is tekst en kan {grouped} betekenen, maar ook {decimal_nl}. Typ {grouped}, of typ {decimal_nl} in een "
        "cel met de opmaak Getal.",
        "{place}: '{value}' is text and can mean {grouped}, but also {decimal_en}. Type {grouped}, or type {decimal_en} in a cell "
        "with the format Number.",
    ),
    "date_not_number": (
        "{place}: hier staat een datum ({value}) in plaats van een getal. Vul een getal in en kies de celopmaak Getal.",
        "{place}: here stands a date ({value}) in place of a number. Fill in a number and choose the cell format Number.",
    ),
    "date_not_year": (
        "{place}: hier staat een datum ({value}). Vul alleen het jaartal in, bijvoorbeeld 2026, en kies de celopmaak Getal.",
        "{place}: here stands a date ({value}). Fill in the year only, for instance 2026, and choose the cell format Number.",
    ),
    "number_too_large": (
        "{place}: dit getal is te groot om waar te kunnen zijn. Vul het bedrag of aantal opnieuw in.",
        "{place}: this number is too large to be true. Fill in the amount or number again.",
    ),
    "not_whole": (
        "{place}: {value} is geen heel getal. Vul een heel getal in, bijvoorbeeld 12.",
        "{place}: {value} is not a whole number. Fill in a whole number, for instance 12.",
    ),
    "not_a_year": (
        "{place}: '{value}' is geen jaartal dat hier kan. Vul een jaar in van {first} tot en met {last}, bijvoorbeeld 2026.",
        "{place}: '{value}' is not a year that is possible here. Fill in a year from {first} to {last}, for instance 2026.",
    ),
    "negative": (
        "{place}: '{value}' is negatief. Vul 0 of een positief getal in.",
        "{place}: '{value}' is negative. Fill in 0 or a positive number.",
    ),
    "below_minimum": (
        "{place}: '{value}' is te laag. Vul {minimum} of hoger in.",
        "{place}: '{value}' is too low. Fill in {minimum} or higher.",
    ),
    "above_maximum": (
        "{place}: '{value}' is te hoog. Vul {maximum} of lager in.",
        "{place}: '{value}' is too high. Fill in {maximum} or lower.",
    ),
    "not_a_share": (
        "{place}: '{value}' is geen percentage. Vul bijvoorbeeld 25% of 0,25 in.",
        "{place}: '{value}' is not a percentage. Fill in for instance 25% or 0.25.",
    ),
    "percent_forgotten": (
        "{place}: '{value}' betekent hier {as_percent} %. Bedoelt u {percent} %? Typ dan {percent}% met het procentteken, of "
        "{fraction_nl}.",
        "{place}: '{value}' means {as_percent} % here. Do you mean {percent} %? Then type {percent}% with the percent sign, or "
        "{fraction_en}.",
    ),
    "share_out_of_bounds": (
        "{place}: '{value}' kan hier niet. Vul een percentage in van {minimum}% tot en met {maximum}%.",
        "{place}: '{value}' is not possible here. Fill in a percentage from {minimum}% to {maximum}%.",
    ),
    "not_yes_no": (
        "{place}: '{value}' is geen ja of nee. Vul ja of nee in.",
        "{place}: '{value}' is not yes or no. Fill in yes or no.",
    ),
    "not_a_choice": (
        "{place}: '{value}' is hier geen mogelijkheid. Kies uit: {allowed_nl}.",
        "{place}: '{value}' is not possible here. Choose from: {allowed_en}.",
    ),
    "not_a_choice_similar": (
        "{place}: '{value}' is hier geen mogelijkheid. Bedoelt u '{suggestion}'? Kies uit: {allowed_nl}.",
        "{place}: '{value}' is not possible here. Do you mean '{suggestion}'? Choose from: {allowed_en}.",
    ),
    "take_up_unreadable": (
        "{place}: '{value}' is geen reeks percentages. Schrijf ze met puntkomma's, bijvoorbeeld 50%; 80%; 100%.",
        "{place}: '{value}' is not a series of percentages. Write them with semicolons, for instance 50%; 80%; 100%.",
    ),
    "steps_unreadable": (
        "{place}: '{part}' is geen stap van een rente. Schrijf stappen als 0-30: 3,5%; 31-75: 3%.",
        "{place}: '{part}' is not a step of a rate. Write steps as 0-30: 3.5%; 31-75: 3%.",
    ),
    "steps_gap": (
        "{place}: de stap '{part}' sluit niet aan. Deze stap moet beginnen in jaar {expected} en niet eerder eindigen.",
        "{place}: the step '{part}' does not connect. This step has to start in year {expected} and may not end before it.",
    ),
    "identifier_became_date": (
        "{place}: Excel heeft van deze code een datum gemaakt ({value}). Geef de cel de opmaak Tekst en typ de code opnieuw.",
        "{place}: Excel turned this code into a date ({value}). Give the cell the format Text and type the code again.",
    ),
    "number_lost_zero": (
        "{place}: de code {value} staat er als getal. Was het {longer}, dan is een nul verdwenen. Geef de cel de opmaak Tekst en "
        "typ de code opnieuw.",
        "{place}: the code {value} is stored as a number. If it was {longer}, a zero is lost. Give the cell the format Text and "
        "type the code again.",
    ),
    "not_degrees": (
        "{place}: '{value}' is geen graad. Vul decimale graden in, bijvoorbeeld 52,0907.",
        "{place}: '{value}' is no degree. Fill in decimal degrees, for instance 52.0907.",
    ),
    # One row
    "book_value_incomplete": (
        "{place}: de boekwaarde is niet bekend en ook niet te berekenen. Vul de boekwaarde in, of anders aanschafwaarde, jaar "
        "van ingebruikname, afschrijvingstermijn en afschrijvingsmethode.",
        "{place}: the book value is not known and cannot be computed. Fill in the book value, or else acquisition cost, "
        "in-service year, useful life and depreciation method.",
    ),
    "contributions_above_cost": (
        "{place}: de bijdragen van derden ({value}) zijn hoger dan de aanschafwaarde ({acquisition_cost_eur}). Controleer beide.",
        "{place}: the third-party contributions ({value}) are higher than the acquisition cost ({acquisition_cost_eur}). Check both.",
    ),
    "residual_above_cost": (
        "{place}: de restwaarde ({value}) is hoger dan de aanschafwaarde ({acquisition_cost_eur}) min bijdragen. Controleer beide.",
        "{place}: the residual value ({value}) is higher than the acquisition cost ({acquisition_cost_eur}) less contributions. "
        "Check both.",
    ),
    "write_down_above_cost": (
        "{place}: de afwaardering ({value}) is hoger dan de aanschafwaarde ({acquisition_cost_eur}) min bijdragen. Vul alleen het "
        "deel in dat nu nog in de boekwaarde zit.",
        "{place}: the write-down ({value}) is higher than the acquisition cost ({acquisition_cost_eur}) less contributions. Fill "
        "in only the part that is still in the book value.",
    ),
    "position_in_metres": (
        "{place}: {value} en {longitude} zijn meters (RD), geen graden. Zet ze in de kolommen 'RD x (m)' en 'RD y (m)'.",
        "{place}: {value} and {longitude} are metres (RD New), not degrees. Put them in the columns 'rd_x_m' and 'rd_y_m'.",
    ),
    "position_swapped": (
        "{place}: de twee coördinaten zijn verwisseld; {value} hoort in de andere kolom. Verwissel ze.",
        "{place}: the two coordinates are swapped; {value} belongs in the other column. Swap them.",
    ),
    "position_outside": (
        "{place}: {value} ligt buiten Europees Nederland en zijn kustwater ({low} tot en met {high}). Controleer de coördinaat.",
        "{place}: {value} lies outside the European Netherlands and its coastal waters ({low} to {high}). Check the coordinate.",
    ),
    "position_half": (
        "{place}: alleen de andere coördinaat is ingevuld. Vul deze ook in, of laat beide leeg.",
        "{place}: only the other coordinate is filled in. Fill in this one too, or leave both empty.",
    ),
    "position_twice": (
        "{place}: dit object heeft graden en RD-coördinaten; de kaart gebruikt de graden. Laat een van de twee leeg.",
        "{place}: this object has degrees and RD coordinates; the map uses the degrees. Leave one of the two empty.",
    ),
    "in_service_after_base_year": (
        "{place}: het jaar van ingebruikname ({value}) ligt na het basisjaar ({base_year}). Controleer beide jaren.",
        "{place}: the in-service year ({value}) lies after the base year ({base_year}). Check both years.",
    ),
    "new_users_above_income": (
        "{place}: de inkomsten van nieuwe gebruikers ({value}) zijn hoger dan alle inkomsten ({income_eur_per_year}). Ze zijn er "
        "een deel van: pas een van beide aan.",
        "{place}: the income from new users ({value}) is higher than all income ({income_eur_per_year}). It is a part of it: "
        "change one of the two.",
    ),
    "vat_above_cost": (
        "{place}: de niet-verrekenbare btw ({value}) is hoger dan de kosten per jaar ({operating_cost_eur_per_year}). De btw is er "
        "een deel van: pas een van beide aan.",
        "{place}: the VAT that cannot be reclaimed ({value}) is higher than the yearly cost ({operating_cost_eur_per_year}). It is "
        "a part of it: change one of the two.",
    ),
    "loan_without_rate": (
        "{place}: er is een looptijd, maar geen leenrente. Vul de rente in, of 0 als de lening renteloos is.",
        "{place}: there is a loan term, but no loan rate. Fill in the rate, or 0 if the loan is free of interest.",
    ),
    "no_running_cost": (
        "{place}: van initiatief {name} zijn de kosten per jaar niet bekend. Vul de kosten per jaar in (0 als er geen zijn), of de "
        "kostprijs van het initiatief bij al zijn taken.",
        "{place}: the yearly cost of initiative {name} is not known. Fill in the yearly cost (0 if there is none), or the "
        "initiative's unit cost at all its tasks.",
    ),
    "counterparty_is_party": (
        "{place}: de tegenpartij is dezelfde als de partij. Kies een andere tegenpartij, of laat deze cel leeg als het geen "
        "overdracht is.",
        "{place}: the counterparty is the same as the party. Choose another counterparty, or leave this cell empty if it is "
        "no transfer.",
    ),
    "range_incomplete": (
        "{place}: vul laag en hoog allebei in, of laat beide leeg.",
        "{place}: fill in both low and high, or leave both empty.",
    ),
    "low_above_high": (
        "{place}: laag ({value}) is hoger dan hoog ({high}). Verwissel ze.",
        "{place}: low ({value}) is higher than high ({high}). Swap them.",
    ),
    "lognormal_not_positive": (
        "{place}: bij de verdeling lognormaal moet laag boven 0 liggen. Kies een andere verdeling of een hogere waarde.",
        "{place}: with the lognormal distribution low must be above 0. Choose another distribution or a higher value.",
    ),
    "range_not_possible": (
        "{place}: dit uitgangspunt kan geen laag en hoog hebben. Maak deze cel leeg.",
        "{place}: this assumption cannot have low and high. Clear this cell.",
    ),
    "range_of_steps": (
        "{place}: een rente in stappen kan geen laag en hoog hebben. Maak deze cellen leeg of vul één rente in.",
        "{place}: a stepped rate cannot have low and high. Clear these cells or fill in a single rate.",
    ),
    "horizon_beyond_steps": (
        "{place}: de rente in stappen loopt tot jaar {last}, maar de zichtperiode is {horizon} jaar. Voeg een stap toe of kort de "
        "zichtperiode in.",
        "{place}: the stepped rate runs to year {last}, but the horizon is {horizon} years. Add a step or shorten the horizon.",
    ),
    # Between tables
    "double_id": (
        "{place}: '{value}' staat er al, in cel {first}. Geef elke rij een eigen nummer of code.",
        "{place}: '{value}' is there already, in cell {first}. Give each row a number or code of its own.",
    ),
    "id_of_both": (
        "{place}: '{value}' is ook het nummer van een object (cel {first}). Geef het initiatief een andere code.",
        "{place}: '{value}' is also the number of an object (cell {first}). Give the initiative another code.",
    ),
    "unknown_asset": (
        "{place}: object '{value}' staat niet op het blad Objecten. Voeg het daar toe of verbeter het nummer.",
        "{place}: object '{value}' is not on the assets sheet. Add it there or correct the number.",
    ),
    "unknown_asset_similar": (
        "{place}: object '{value}' staat niet op het blad Objecten. Bedoelt u '{suggestion}'?",
        "{place}: object '{value}' is not on the assets sheet. Do you mean '{suggestion}'?",
    ),
    "unknown_initiative": (
        "{place}: initiatief '{value}' staat niet op het blad Initiatieven. Voeg het daar toe of verbeter de code.",
        "{place}: initiative '{value}' is not on the initiatives sheet. Add it there or correct the code.",
    ),
    "unknown_initiative_similar": (
        "{place}: initiatief '{value}' staat niet op het blad Initiatieven. Bedoelt u '{suggestion}'?",
        "{place}: initiative '{value}' is not on the initiatives sheet. Do you mean '{suggestion}'?",
    ),
    "unknown_owner": (
        "{place}: eigenaar '{value}' is geen object en geen initiatief. Vul een nummer of code in van de bladen Objecten of "
        "Initiatieven.",
        "{place}: owner '{value}' is neither an object nor an initiative. Fill in a number or code of the sheets assets or "
        "initiatives.",
    ),
    "unknown_owner_similar": (
        "{place}: eigenaar '{value}' is geen object en geen initiatief. Bedoelt u '{suggestion}'?",
        "{place}: owner '{value}' is neither an object nor an initiative. Do you mean '{suggestion}'?",
    ),
    "unknown_price": (
        "{place}: de prijscode '{value}' is niet bekend. Kies een code uit de lijst met prijzen, of vul zelf een bedrag in.",
        "{place}: the price code '{value}' is not known. Choose a code from the list of prices, or fill in an amount yourself.",
    ),
    "unknown_price_similar": (
        "{place}: de prijscode '{value}' is niet bekend. Bedoelt u '{suggestion}'?",
        "{place}: the price code '{value}' is not known. Do you mean '{suggestion}'?",
    ),
    "price_not_euros": (
        "{place}: '{value}' is geen bedrag in euro ({unit}) en kan hier niet. Kies een andere prijscode of vul een bedrag in.",
        "{place}: '{value}' is not an amount in euros ({unit}) and cannot be used here. Choose another price code or fill in an "
        "amount.",
    ),
    "price_unit_differs": (
        "{place}: de eenheid '{value}' past niet bij de prijs '{price_key}' ({price_unit}). Reken het aantal om of kies een andere "
        "prijscode.",
        "{place}: the unit '{value}' does not go with the price '{price_key}' ({price_unit}). Convert the number or choose another "
        "price code.",
    ),
    "unknown_unit": (
        "{place}: de eenheid '{value}' is niet bekend. Controleer zelf of hij past bij de prijs '{price_key}' ({price_unit}).",
        "{place}: the unit '{value}' is not known. Check yourself whether it goes with the price '{price_key}' ({price_unit}).",
    ),
    "price_without_year": (
        "{place}: de prijs '{value}' is niet om te rekenen naar prijspeil {year}; de prijsindex loopt tot {latest}. Kies een ander "
        "prijspeil of vul een bedrag in.",
        "{place}: the price '{value}' cannot be converted to the prices of {year}; the price index runs to {latest}. Choose "
        "another price year or fill in an amount.",
    ),
    "price_year_missing": (
        "{place}: de waarde van een vrijwilligersuur ({price_key}) is niet om te rekenen naar prijspeil {value}; de prijsindex "
        "loopt tot {latest}. Kies een ander prijspeil of vul 'Waarde vrijwilligersuur' in.",
        "{place}: the value of a volunteer hour ({price_key}) cannot be converted to the prices of {value}; the price index runs "
        "to {latest}. Choose another price year or fill in 'volunteer_hour_value'.",
    ),
    "example_left": (
        "{place}: '{value}' is een voorbeeldrij van het sjabloon en telt gewoon mee. Verwijder hem, met zijn taken en effecten.",
        "{place}: '{value}' is an example row of the template and counts like any other. Delete it, with its tasks and effects.",
    ),
    "procedures_above_volunteers": (
        "{place}: {value} uren aan procedures is meer dan alle vrijwilligersuren ({volunteer_hours_per_year}). De uren aan procedures zijn er een deel van; vul een lager aantal in.",
        "{place}: {value} hours on procedures is more than all volunteer hours ({volunteer_hours_per_year}). The hours on procedures are part of them; fill in a lower number.",
    ),
    "people_in_need_above_people": (
        "{place}: {value} mensen met grote behoefte is meer dan alle bereikte mensen ({people}). Het eerste is een deel van het tweede.",
        "{place}: {value} people in great need is more than all people reached ({people}). The first is part of the second.",
    ),
    "scenario_assumption": (
        "{place}: '{value}' is geen uitgangspunt. Gebruik een sleutel van het blad Uitgangspunten, bijvoorbeeld '{suggestion}'.",
        "{place}: '{value}' is not an assumption. Use a key of the assumptions sheet, for instance '{suggestion}'.",
    ),
    "scenario_column_missing": (
        "{place}: vul in welke kolom van het blad {sheet_nl} in dit scenario anders is.",
        "{place}: fill in which column of the sheet {sheet_en} is different in this scenario.",
    ),
    "scenario_column": (
        "{place}: het blad {sheet_nl} heeft geen kolom '{value}'. Neem de kop van de kolom over.",
        "{place}: the sheet {sheet_en} has no column '{value}'. Copy the header of the column.",
    ),
    "scenario_column_similar": (
        "{place}: het blad {sheet_nl} heeft geen kolom '{value}'. Bedoelt u '{suggestion}'?",
        "{place}: the sheet {sheet_en} has no column '{value}'. Do you mean '{suggestion}'?",
    ),
    "scenario_fixed": (
        "{place}: '{header_nl}' kan niet per scenario verschillen. Maak daarvoor een aparte werkmap.",
        "{place}: '{header_en}' cannot differ between scenarios. Make a separate workbook for that.",
    ),
    "scenario_row": (
        "{place}: '{value}' staat niet op het blad {sheet_nl}. Vul een nummer of code in die daar staat.",
        "{place}: '{value}' is not on the sheet {sheet_en}. Fill in a number or code that is there.",
    ),
    "scenario_row_similar": (
        "{place}: '{value}' staat niet op het blad {sheet_nl}. Bedoelt u '{suggestion}'?",
        "{place}: '{value}' is not on the sheet {sheet_en}. Do you mean '{suggestion}'?",
    ),
    "scenario_line": (
        "{place}: het blad {sheet_nl} heeft geen gevulde rij '{value}'. Vul het rijnummer in, of de naam zoals die daar staat.",
        "{place}: the sheet {sheet_en} has no filled row '{value}'. Fill in the row number, or the name as it stands there.",
    ),
    "scenario_line_twice": (
        "{place}: '{value}' staat meer dan eens op het blad {sheet_nl}. Vul het rijnummer in.",
        "{place}: '{value}' is more than once on the sheet {sheet_en}. Fill in the row number.",
    ),
    "scenario_twice": (
        "{place}: dit scenario verandert deze cel al in {first}. Haal een van de twee rijen weg.",
        "{place}: this scenario changes that cell in {first} already. Delete one of the two rows.",
    ),
    "double_alternative": (
        "{place}: dit alternatief staat er al voor dit object. Laat één rij staan; gebruik scenario's voor andere bedragen.",
        "{place}: this alternative is there already for this object. Keep one row; use scenarios for other amounts.",
    ),
    "not_with_alternative": (
        "{place}: '{value}' telt niet mee bij dit alternatief. Controleer of het in de juiste rij staat.",
        "{place}: '{value}' does not count for this alternative. Check whether it is in the right row.",
    ),
    "sheet_not_recognised": (
        "{place}: dit blad heet zoals een blad van Buurtwaarde, maar heeft niet de kolommen ervan ({columns_nl}). Het telt niet mee.",
        "{place}: this sheet is called as a sheet of Buurtwaarde, but does not have its columns ({columns_en}). It does not count.",
    ),
    "loan_without_term": (
        "{place}: bij een lening hoort een looptijd. Vul in na hoeveel jaar de lening is afgelost.",
        "{place}: a loan needs a term. Fill in after how many years the loan is repaid.",
    ),
    "interest_only_whole_term": (
        "{place}: {value} aflossingsvrije jaren is niet korter dan de looptijd ({term_years} jaar), zodat er niets wordt afgelost. "
        "Vul minder jaren in, of een langere looptijd.",
        "{place}: {value} interest-only years is not shorter than the term ({term_years} years), so that nothing is repaid. Fill "
        "in fewer years, or a longer term.",
    ),
    "only_for_loan": (
        "{place}: '{value}' telt niet mee, want zonder looptijd is deze bron geen lening. Vul een looptijd in of maak de cel leeg.",
        "{place}: '{value}' does not count, since without a term this source is no loan. Fill in a term or clear the cell.",
    ),
    "deferred_without_year": (
        "{place}: vul in hoeveel jaar na de overdracht deze betaling komt.",
        "{place}: fill in how many years after the transfer this payment is made.",
    ),
    "deferred_without_amount": (
        "{place}: vul in hoeveel er later wordt betaald.",
        "{place}: fill in how much is paid later.",
    ),
    "profit_without_share": (
        "{place}: vul in welk deel van de winst bij doorverkoop voor de gemeente is.",
        "{place}: fill in which part of the profit on resale is for the municipality.",
    ),
    "arrangement_half": (
        "{place}: vul jaar en bedrag allebei in, dan is te zien wat de afspraak dan waard is. Of laat beide leeg: dan blijft de "
        "afspraak p.m.",
        "{place}: fill in both year and amount, to see what the arrangement is then worth. Or leave both empty: then it stays p.m.",
    ),
    "year_beyond_steps": (
        "{place}: jaar {value} ligt na de laatste stap van de rekenrente van de gemeente (jaar {last}). Voeg een stap toe of vul "
        "een eerder jaar in.",
        "{place}: year {value} lies after the last step of the municipality's discount rate (year {last}). Add a step or fill in "
        "an earlier year.",
    ),
    "double_review": (
        "{place}: voor dit object staat er al een herijking. Laat één rij staan.",
        "{place}: there is a review for this object already. Keep one row.",
    ),
    "not_with_arrangement": (
        "{place}: '{value}' telt niet mee bij deze afspraak. Controleer of het in de juiste rij staat.",
        "{place}: '{value}' does not count for this arrangement. Check whether it is in the right row.",
    ),
    "double_neighbourhood": (
        "{place}: de buurt '{value}' staat er twee keer. Laat één rij staan.",
        "{place}: the neighbourhood '{value}' is there twice. Keep one row.",
    ),
}


REGISTERS = {
    # Other files than a workbook, and what they may not hold
    "text_cut_off": (
        "De laatste regel van '{value}' breekt halverwege af: waarschijnlijk is maar een deel van het bestand overgekomen. "
        "Kijk of alle regels er zijn, en maak het bestand anders opnieuw.",
        "The last line of '{value}' breaks off halfway: probably only part of the file came over. See whether all lines are "
        "there, and otherwise make the file again.",
    ),
    "external_links_ignored": (
        "De koppelingen in '{value}' naar andere bestanden of bronnen zijn niet gevolgd. Alleen de waarden die in het bestand "
        "zelf staan zijn gelezen.",
        "The links in '{value}' to other files or sources were not followed. Only the values that stand in the file itself "
        "were read.",
    ),
    "embedded_ignored": (
        "De ingesloten objecten in '{value}' zijn niet geopend. Alleen de waarden in de cellen zijn gelezen.",
        "The embedded objects in '{value}' were not opened. Only the values in the cells were read.",
    ),
    "personal_bsn": (
        "Het bestand '{value}' is niet gelezen en niet bewaard: kolom {letter} van blad '{sheet_name}' lijkt "
        "burgerservicenummers te bevatten (negen cijfers die aan de elfproef voldoen). Haal persoonsgegevens weg; Buurtwaarde "
        "heeft ze niet nodig.",
        "The file '{value}' was not read and not kept: column {letter} of sheet '{sheet_name}' seems to hold citizen service "
        "numbers (nine digits that pass the eleven test). Take personal data out; Buurtwaarde does not need them.",
    ),
    "personal_birth": (
        "Het bestand '{value}' is niet gelezen en niet bewaard: blad '{sheet_name}' lijkt namen van mensen met geboortedata te "
        "bevatten (kolom {letter}). Haal persoonsgegevens weg; Buurtwaarde heeft ze niet nodig.",
        "The file '{value}' was not read and not kept: sheet '{sheet_name}' seems to hold names of people with dates of birth "
        "(column {letter}). Take personal data out; Buurtwaarde does not need them.",
    ),
    "text_unreadable": (
        "Het bestand '{value}' is geen tekst die wij kunnen lezen. Sla het op als csv met UTF-8, of als .xlsx.",
        "The file '{value}' is no text that we can read. Save it as CSV with UTF-8, or as .xlsx.",
    ),
    "text_quotes": (
        "In '{value}' kloppen de aanhalingstekens op regel {line} niet, zodat niet te zien is waar een cel ophoudt. Verbeter die "
        "regel, of sla het bestand op als .xlsx.",
        "In '{value}' the quotation marks on line {line} are not right, so that one cannot see where a cell ends. Mend that "
        "line, or save the file as .xlsx.",
    ),
    "text_cell_too_long": (
        "In '{value}' is een cel op regel {line} langer dan 100.000 tekens. Waarschijnlijk ontbreekt er een aanhalingsteken.",
        "In '{value}' a cell on line {line} is longer than 100,000 characters. Probably a quotation mark is missing.",
    ),
    "no_table_found": (
        "In '{value}' is geen tabel gevonden: geen rij met kolomkoppen met daaronder bedragen. Zet de koppen in één rij boven "
        "de bedragen en probeer het opnieuw.",
        "No table was found in '{value}': no row of headers with amounts below it. Put the headers in one row above the amounts "
        "and try again.",
    ),
    "not_a_profile": (
        "Het bestand '{value}' is geen kolomindeling die hier is opgeslagen. Kies het bestand dat u hier heeft gedownload.",
        "The file '{value}' is no column layout that was saved here. Choose the file that you downloaded here.",
    ),
    # The figures of an asset register
    "other_notation": (
        "{place}: '{value}' is anders geschreven dan de andere bedragen in deze kolom. Schrijf het net zo, met dezelfde komma "
        "of punt.",
        "{place}: '{value}' is written differently from the other amounts in this column. Write it the same way, with the same "
        "comma or point.",
    ),
    "scientific_number": (
        "{place}: '{value}' is afgekort door het programma dat dit bestand maakte; de overige cijfers zijn weg. Zet de kolom op "
        "de notatie Getal en sla het bestand opnieuw op.",
        "{place}: '{value}' was shortened by the program that made this file; its other digits are gone. Set the column to the "
        "format Number and save the file again.",
    ),
    "percent_in_amount": (
        "{place}: '{value}' is een percentage, maar in deze kolom staan bedragen. Kies een andere kolom, of vul een bedrag in.",
        "{place}: '{value}' is a percentage, but this column holds amounts. Choose another column, or fill in an amount.",
    ),
    "figure_unknown": (
        "{place}: '{value}' is gelezen als onbekend, niet als nul.",
        "{place}: '{value}' was read as not known, not as zero.",
    ),
    "cell_beside_table": (
        "{place}: '{value}' staat rechts naast de tabel. Waarschijnlijk staat er in deze regel een scheidingsteken te veel, "
        "zodat bedragen in de verkeerde kolom staan.",
        "{place}: '{value}' stands to the right of the table. Probably this line has one separator too many, so that amounts "
        "are in the wrong column.",
    ),
    "row_does_not_add_up": (
        "{place}: beginstand, mutaties en eindstand sluiten niet op elkaar aan; de eindstand {value} wijkt € {difference} af. "
        "Kijk of alle kolommen met mutaties zijn gekozen.",
        "{place}: opening value, movements and closing value do not agree; the closing value {value} differs by € {difference}. "
        "See whether all columns with movements were chosen.",
    ),
    "capital_charge_differs": (
        "{place}: de kapitaallasten {value} wijken € {difference} af van afschrijving plus rente.",
        "{place}: the capital charges {value} differ by € {difference} from depreciation plus interest.",
    ),
    "total_differs": (
        "{place}: het totaal {value} wijkt € {difference} af van de som van de rijen. Misschien ontbreken er rijen.",
        "{place}: the total {value} differs by € {difference} from the sum of the rows. Perhaps there are rows missing.",
    ),
    "row_looks_like_total": (
        "{place}: deze rij is de som van de rijen erboven of eronder, maar heet geen totaal. Zij telt nu mee; laat haar weg "
        "als het een totaal is.",
        "{place}: this row is the sum of the rows above or below it, but is not called a total. It counts now; leave it out "
        "if it is one.",
    ),
    "row_without_label": (
        "{place}: deze rij heeft bedragen, maar geen nummer en geen naam. Zij telt nu mee; laat haar weg als het een totaal "
        "is.",
        "{place}: this row has amounts, but no number and no name. It counts now; leave it out if it is a total.",
    ),
}

VALUATION = {
    "ceiling_below_zero": (
        "Een plafond voor boekverlies of subsidie kan niet onder nul liggen. Vul 0 in of meer.",
        "A ceiling for loss on book value or subsidy cannot be below zero. Fill in 0 or more.",
    ),
    "required_not_known": (
        "Deze objecten kunnen niet in het programma, want zonder initiatief of voorgestelde prijs is niet bekend wat ze kosten: "
        "{names}.",
        "These objects cannot be in the programme, since without an initiative or a proposed price nobody knows what they cost: "
        "{names}.",
    ),
    "required_does_not_fit": (
        "Wat u zeker in het programma wilt, past samen niet binnen de plafonds, in welke jaren ook. Er is ten minste "
        "€ {extra_book_loss_eur} per jaar meer ruimte nodig voor boekverlies en € {extra_subsidy_eur} voor subsidie. Verhoog "
        "de plafonds of haal een keuze weg.",
        "What you want in the programme for certain does not fit together within the ceilings, in whichever years. At least "
        "€{extra_book_loss_eur} a year more room is needed for book losses and €{extra_subsidy_eur} for subsidy. Raise the "
        "ceilings or take a choice away.",
    ),
    "horizon_beyond_rate": (
        "De discontovoet loopt tot en met jaar {last_year}, de zichtperiode tot en met jaar {horizon}. Maak de laatste "
        "stap langer of de zichtperiode korter.",
        "The discount rate runs to year {last_year}, the horizon to year {horizon}. Lengthen the last step or shorten "
        "the horizon.",
    ),
    "no_inputs": (
        "Zonder inzet (kosten) is er geen SROI-verhouding.",
        "Without inputs (costs) there is no SROI ratio.",
    ),
    "book_values_differ": (
        "{place}: de ingevulde boekwaarde ({filled_in}) wijkt af van de berekende ({computed}). De ingevulde is gebruikt; "
        "controleer aanschafwaarde, jaar, termijn en afwaardering.",
        "{place}: the book value filled in ({filled_in}) differs from the computed one ({computed}). The one filled in "
        "is used; check acquisition cost, year, life and write-down.",
    ),
    "fallback_missing": (
        "{place}: de initiatieven van object {owner} stoppen na jaar {last_year}, vóór het eind van de zichtperiode. "
        "Vul de terugvalkosten in (0 als er geen zijn); nu is 0 gerekend.",
        "{place}: the initiatives of object {owner} stop after year {last_year}, before the end of the horizon. "
        "Fill in the fall-back cost (0 if there is none); 0 was used.",
    ),
    "backlog_not_covered": (
        "{place}: van het achterstallig onderhoud ({backlog}) van object {owner} dekt de verbouwing maar {renovation}. "
        "Alleen dat deel telt als maatschappelijke baat.",
        "{place}: of the maintenance backlog ({backlog}) of object {owner} the renovation covers only {renovation}. "
        "Only that part counts as a social benefit.",
    ),
    "share_outside_zone": (
        "{place}: de rekenprijs van object {owner} ({price}) ligt buiten de ruimte tussen reserveringsprijs ({reservation}) "
        "en plafondprijs ({ceiling}).",
        "{place}: the price by the council's rule of object {owner} ({price}) lies outside the range between reservation "
        "price ({reservation}) and ceiling price ({ceiling}).",
    ),
    "structural_deficit": (
        "{place}: initiatief {owner} komt per jaar {deficit} tekort (inkomsten + subsidie − kosten): een structureel "
        "tekort. Een lening is dan niet te dragen.",
        "{place}: initiative {owner} is {deficit} short each year (income + subsidy − cost): a structural deficit. "
        "It cannot carry a loan.",
    ),
    "high_ratio": (
        "{place}: de baten van {owner} zijn {ratio} keer de kosten. Boven {limit} is ongewoon: controleer of niets dubbel "
        "telt en of alle kosten erin staan.",
        "{place}: the benefits of {owner} are {ratio} times the costs. Above {limit} is unusual: check that nothing "
        "counts twice and that all costs are in.",
    ),
    "double_counting": (
        "{place}: '{first}' en '{second}' van {owner} gaan over hetzelfde ({group}) en tellen mogelijk dubbel. "
        "Laat een van beide weg of leg uit waarom niet.",
        "{place}: '{first}' and '{second}' of {owner} are about the same thing ({group}) and may count twice. "
        "Leave one out or explain why not.",
    ),
    "volunteer_value_without_cost": (
        "{place}: '{first}' van {owner} telt de waarde van vrijwilligers als baat, terwijl hun uren niet als kosten meetellen. "
        "Tel de uren mee of haal de baat weg.",
        "{place}: '{first}' of {owner} counts the value of volunteers as a benefit while their hours do not count as a cost. "
        "Count the hours or take the benefit out.",
    ),
    "stock_and_flow": (
        "{place}: '{first}' (voorraad) en '{second}' (per jaar) van {owner} mogen niet bij elkaar worden opgeteld.",
        "{place}: '{first}' (a stock) and '{second}' (a flow) of {owner} may not be added.",
    ),
    "mixed_price_bases": (
        "{place}: de taken van {owner} gebruiken zowel gemeentelijke tarieven ({municipal}) als landelijke referentieprijzen "
        "({national}). Vergelijk op één basis.",
        "{place}: the tasks of {owner} use both municipal tariffs ({municipal}) and national reference prices ({national}). "
        "Compare on one basis.",
    ),
    "effect_not_priced": (
        "{place}: '{name}' van {owner} heeft geen waarde per eenheid en staat als p.m. in de uitkomst ({quantity} {unit}).",
        "{place}: '{name}' of {owner} has no value per unit and stands in the result as p.m. ({quantity} {unit}).",
    ),
    "effect_never_counts": (
        "{place}: '{name}' van {owner} begint in jaar {start}, maar het laatste jaar dat telt is {last_year}. Het telt nergens mee. "
        "Vul een jaar na de overdracht in (1 is het eerste, geen jaartal), of verleng de zichtperiode of de duur.",
        "{place}: '{name}' of {owner} starts in year {start}, but the last year that counts is {last_year}. It counts nowhere. "
        "Fill in a year after the transfer (1 is the first, no calendar year), or lengthen the horizon or the duration.",
    ),
    "task_not_priced": (
        "{place}: taak '{name}' van {owner} heeft geen kostprijs van de instelling en telt niet mee in euro's "
        "({quantity} {unit} per jaar, p.m.).",
        "{place}: task '{name}' of {owner} has no institutional unit cost and does not count in euros "
        "({quantity} {unit} a year, p.m.).",
    ),
    "assumption_price": (
        "{place}: de prijs '{price_key}' is een aanname, geen gepubliceerd cijfer. Vervang hem zo mogelijk door een eigen cijfer.",
        "{place}: the price '{price_key}' is an assumption, not a published figure. Replace it by your own if you can.",
    ),
    "de_minimis_signal": (
        "{place}: het voordeel bij de voorgestelde prijs van object {owner} ({aid}) komt boven {share} van het de-minimisplafond ({ceiling}). "
        "Laat de staatssteun toetsen. Geen juridisch advies.",
        "{place}: the advantage at the proposed price of object {owner} ({aid}) exceeds {share} of the de minimis ceiling ({ceiling}). "
        "Have the state aid checked. No legal advice.",
    ),
    "plan_differs": (
        "{place}: de rijen van initiatief {owner} op blad {sheet_nl} tellen op tot {by_rows}, maar hier staat {stated}. De "
        "businesscase rekent met de rijen, al het andere met het bedrag hier. Maak ze gelijk.",
        "{place}: the rows of initiative {owner} on sheet {sheet_en} add up to {by_rows}, but here it says {stated}. The business "
        "case computes with the rows, everything else with the amount here. Make them the same.",
    ),
    "central_outside_range": (
        "{place}: de waarde {value} ligt buiten laag en hoog ({low} tot {high}).",
        "{place}: the value {value} lies outside low and high ({low} to {high}).",
    ),
}

FRAMEWORKS = {
    # A framework as a file or a form: the place is a file and a key
    "framework_unreadable": (
        "{place}: dit is geen leesbaar TOML-bestand ({detail}). Begin met een kader dat u hier ophaalt, en pas dat aan.",
        "{place}: this is not a readable TOML file ({detail}). Start from a framework that you download here, and change that.",
    ),
    "framework_too_large": (
        "{place}: dit bestand is te groot voor een kader. Kies een ander bestand.",
        "{place}: this file is too large for a framework. Choose another file.",
    ),
    "framework_missing": (
        "{place}: hier moet iets staan. Vul het in.",
        "{place}: something must stand here. Fill it in.",
    ),
    "framework_unknown_key": (
        "{place}: dit onderdeel kent een kader niet. Verwijder het, of controleer hoe het is gespeld.",
        "{place}: a framework does not have this part. Remove it, or check how it is spelt.",
    ),
    "framework_unknown_key_similar": (
        "{place}: dit onderdeel kent een kader niet. Bedoelt u '{suggestion}'?",
        "{place}: a framework does not have this part. Do you mean '{suggestion}'?",
    ),
    "framework_kind": (
        "{place}: hier hoort {kind_nl} te staan. Pas het aan.",
        "{place}: here belongs {kind_en}. Change it.",
    ),
    "framework_too_many": (
        "{place}: dit zijn er meer dan {most}. Voeg samen wat bij elkaar hoort.",
        "{place}: these are more than {most}. Put together what belongs together.",
    ),
    "framework_too_long": (
        "{place}: deze tekst is langer dan {most} tekens. Maak de tekst korter.",
        "{place}: this text is longer than {most} characters. Make it shorter.",
    ),
    "framework_code": (
        "{place}: '{value}' kan geen code zijn. Gebruik kleine letters, cijfers en _, en begin met een letter, bijvoorbeeld "
        "eigen_inbreng.",
        "{place}: '{value}' cannot be a code. Use small letters, digits and _, and start with a letter, for instance "
        "own_contribution.",
    ),
    "framework_date": (
        "{place}: '{value}' is geen datum. Schrijf een datum als 2026-01-31.",
        "{place}: '{value}' is not a date. Write a date as 2026-01-31.",
    ),
    "framework_choice": (
        "{place}: '{value}' is hier geen mogelijkheid. Kies uit: {allowed}.",
        "{place}: '{value}' is not possible here. Choose from: {allowed}.",
    ),
    "framework_too_low": (
        "{place}: {value} is te laag. Vul {minimum} of hoger in.",
        "{place}: {value} is too low. Fill in {minimum} or higher.",
    ),
    "framework_none": (
        "{place}: er staat er geen een. Vul er ten minste één in.",
        "{place}: there is none. Fill in at least one.",
    ),
    "framework_twice": (
        "{place}: de code '{value}' komt twee keer voor. Geef er een een andere code.",
        "{place}: the code '{value}' is there twice. Give one of them another code.",
    ),
    "framework_scale": (
        "{place}: de laagste score ({lowest}) moet onder de hoogste ({highest}) liggen. Pas een van beide aan.",
        "{place}: the lowest score ({lowest}) must lie below the highest ({highest}). Change one of the two.",
    ),
    "framework_weight": (
        "{place}: een gewicht ligt boven 0 en is hoogstens 1 (100%); hier staat {value}. Pas het gewicht aan.",
        "{place}: a weight lies above 0 and is at most 1 (100%); here stands {value}. Change the weight.",
    ),
    "framework_weights": (
        "{place}: de gewichten zijn samen {total}% in plaats van 100%. Pas ze aan.",
        "{place}: the weights add up to {total}% in place of 100%. Change them.",
    ),
    "framework_anchor": (
        "{place}: wat score {score} betekent, staat er niet. Beschrijf elke score van de schaal.",
        "{place}: what score {score} means is not there. Describe every score of the scale.",
    ),
    "framework_outside_scale": (
        "{place}: {value} ligt buiten de schaal van {lowest} tot en met {highest}. Pas de waarde aan.",
        "{place}: {value} lies outside the scale from {lowest} to {highest}. Change the value.",
    ),
    "framework_threshold": (
        "{place}: vanaf welke uitkomst score {score} wordt voorgesteld, staat er niet. Vul een grens in.",
        "{place}: from which figure score {score} is proposed is not there. Fill in a threshold.",
    ),
    "framework_thresholds_rise": (
        "{place}: de grenzen moeten oplopen met de score. Pas de volgorde aan.",
        "{place}: the thresholds have to rise with the score. Change their order.",
    ),
    "framework_thresholds_fall": (
        "{place}: de grenzen moeten dalen met de score. Pas de volgorde aan.",
        "{place}: the thresholds have to fall with the score. Change their order.",
    ),
    "framework_no_criterion": (
        "{place}: er is geen criterium '{value}'. Kies een criterium van dit kader.",
        "{place}: there is no criterion '{value}'. Choose a criterion of this framework.",
    ),
    "framework_given_and_withheld": (
        "{place}: deze trede geeft '{value}' en geeft het ook niet. Kies een van beide.",
        "{place}: this step gives '{value}' and does not give it either. Choose one of the two.",
    ),
    "framework_ladder_order": (
        "{place}: een hogere trede begint bij een hogere uitkomst; {value} ligt niet boven {below}. Pas de volgorde aan.",
        "{place}: a higher step starts at a higher outcome; {value} does not lie above {below}. Change their order.",
    ),
    "framework_ladder_requires": (
        "{place}: een hogere trede vraagt minstens wat de trede eronder vraagt ({least} voor '{value}'). Pas de eis aan.",
        "{place}: a higher step asks at least what the step below asks ({least} for '{value}'). Change what it requires.",
    ),
    "framework_ladder_gives": (
        "{place}: een hogere trede geeft minstens wat de trede eronder geeft; '{value}' ontbreekt. Voeg het toe.",
        "{place}: a higher step gives at least what the step below gives; '{value}' is missing. Add it.",
    ),
    "framework_mandate_order": (
        "{place}: na de werkgroep komt het college, daarna de raad; '{value}' staat niet op zijn plaats. Pas de volgorde aan.",
        "{place}: after the working group comes the executive, then the council; '{value}' is out of place. Change the order.",
    ),
    "framework_mandate_limit": (
        "{place}: {value} is lager dan de grens van wie ervoor komt. Pas een van beide aan.",
        "{place}: {value} is lower than the limit of who comes before. Change one of the two.",
    ),
    "framework_mandate_never": (
        "{place}: wie hierna komt mag niet over '{value}' besluiten, en wie ervoor komt wel. Pas een van beide aan.",
        "{place}: this one may not decide on '{value}', and the one before may. Change one of the two.",
    ),
    "framework_mandate_open": (
        "{place}: de laatste moet over alles kunnen besluiten, zonder grens. Haal de grens weg, of voeg de raad toe.",
        "{place}: the last one must be able to decide on everything, without a limit. Take the limit away, or add the council.",
    ),
    "framework_agreement": (
        "{place}: de grenzen voor eensgezindheid lopen op van boven 0 tot en met hoogstens 1. Pas ze aan.",
        "{place}: the levels of agreement rise from above 0 to at most 1. Change them.",
    ),
}

OUTLINES = {
    "outlines_file_too_large": (
        "Het bestand '{value}' is {size} MB; het maximum is {limit} MB. Vereenvoudig de omtrekken en exporteer ze opnieuw.",
        "The file '{value}' is {size} MB; the maximum is {limit} MB. Simplify the outlines and export them again.",
    ),
    "outlines_too_large": (
        "Het bestand '{value}' heeft meer dan {areas} gebieden of {points} punten. Kies alleen de buurten van uw gemeente en "
        "vereenvoudig de omtrekken.",
        "The file '{value}' has more than {areas} areas or {points} points. Choose only the neighbourhoods of your municipality "
        "and simplify the outlines.",
    ),
    "outlines_no_geojson": (
        "Het bestand '{value}' is geen GeoJSON met gebieden. Exporteer de buurten als GeoJSON (een FeatureCollection) en kies "
        "dat bestand.",
        "The file '{value}' is no GeoJSON with areas. Export the neighbourhoods as GeoJSON (a FeatureCollection) and choose "
        "that file.",
    ),
    "outlines_without_areas": (
        "In '{value}' staan geen gebieden (Polygon of MultiPolygon). Exporteer de grenzen van de buurten, niet hun punten of lijnen.",
        "There are no areas (Polygon or MultiPolygon) in '{value}'. Export the borders of the neighbourhoods, not their points or "
        "lines.",
    ),
    "outlines_not_degrees": (
        "De omtrekken in '{value}' staan niet in graden maar in een ander stelsel, zoals RD (EPSG:28992). Exporteer ze opnieuw "
        "en kies als coördinatenstelsel WGS 84 (EPSG:4326). In QGIS: Kaartlagen exporteren, Objecten opslaan als, CRS.",
        "The outlines in '{value}' are not in degrees but in another system, such as RD New (EPSG:28992). Export them again and "
        "choose WGS 84 (EPSG:4326) as the coordinate system. In QGIS: Export, Save Features As, CRS.",
    ),
    "outlines_swapped": (
        "In de omtrekken van '{value}' zijn breedte en lengte verwisseld: in GeoJSON staat de lengtegraad voorop. Exporteer ze "
        "opnieuw.",
        "In the outlines of '{value}' latitude and longitude are swapped: in GeoJSON the longitude comes first. Export them again.",
    ),
    "outlines_elsewhere": (
        "De omtrekken in '{value}' liggen buiten Europees Nederland. Kies het bestand met de buurten van uw gemeente.",
        "The outlines in '{value}' lie outside the European Netherlands. Choose the file with the neighbourhoods of your "
        "municipality.",
    ),
    "outlines_no_area": (
        "{count} keer staat in '{file_name}' iets dat geen gebied is ({value}); dat staat niet op de kaart. Exporteer alleen de "
        "grenzen van de buurten als u dit niet verwacht.",
        "{count} times '{file_name}' has something that is no area ({value}); it is not on the map. Export only the borders of "
        "the neighbourhoods if you do not expect this.",
    ),
}

LINES = {
    # A file of lines, and what is worked out from it
    "lines_no_parquet": (
        "Het bestand '{file}' is geen parquet. Maak een bestand met regels met `buurtwaarde lines`.",
        "The file '{file}' is no parquet. Make a file of lines with `buurtwaarde lines`.",
    ),
    "lines_damaged": (
        "Het bestand '{file}' is beschadigd. Maak het opnieuw, of haal het opnieuw op.",
        "The file '{file}' is damaged. Make it again, or fetch it again.",
    ),
    "lines_empty_file": (
        "Het bestand '{file}' heeft geen regels.",
        "The file '{file}' has no lines.",
    ),
    "lines_no_metadata": (
        "Het bestand '{file}' zegt niet over zichzelf dat het regels bevat (sleutel 'buurtwaarde' in de metadata). Maak het met "
        "`buurtwaarde lines`, of zie de beschrijving van het bestand.",
        "The file '{file}' does not say of itself that it holds lines (key 'buurtwaarde' in its metadata). Make it with "
        "`buurtwaarde lines`, or see the description of the file.",
    ),
    "lines_version": (
        "Het bestand '{file}' heeft versie {version}; deze Buurtwaarde kent versie {known}.",
        "The file '{file}' has version {version}; this Buurtwaarde knows version {known}.",
    ),
    "lines_terms": (
        "In de metadata van '{file}' ontbreekt '{key}', of het is geen geldige waarde.",
        "In the metadata of '{file}' '{key}' is missing, or no valid value.",
    ),
    "lines_column_missing": (
        "In '{file}' ontbreekt de kolom '{column}'.",
        "In '{file}' the column '{column}' is missing.",
    ),
    "lines_column_type": (
        "In '{file}' kan de kolom '{column}' niet van het type {found} zijn.",
        "In '{file}' the column '{column}' cannot be of the type {found}.",
    ),
    "lines_empty": (
        "'{file}', rij {row}: de kolom '{column}' is leeg. Vul een waarde in.",
        "'{file}', row {row}: the column '{column}' is empty. Fill in a value.",
    ),
    "lines_value": (
        "'{file}', rij {row}, kolom '{column}': {value} kan niet. Het laagste is {least} en het hoogste {most}.",
        "'{file}', row {row}, column '{column}': {value} is not possible. The lowest is {least} and the highest {most}.",
    ),
    "lines_word": (
        "'{file}', rij {row}, kolom '{column}': '{value}' is onbekend.",
        "'{file}', row {row}, column '{column}': '{value}' is unknown.",
    ),
    "lines_range": (
        "'{file}', rij {row}: laag en hoog vormen geen bereik. Vul beide in, laag niet boven hoog; bij lognormal boven 0.",
        "'{file}', row {row}: low and high are no range. Fill in both, low not above high; with lognormal above 0.",
    ),
    "lines_order": (
        "'{file}', rij {row}: object {value} van {municipality} staat niet op volgorde. De regels van een object staan bij "
        "elkaar, en de objecten op volgorde van gemeente en nummer.",
        "'{file}', row {row}: object {value} of {municipality} is not in order. The lines of an object stand together, and the "
        "objects in order of municipality and number.",
    ),
    "different_terms": (
        "{value} is in {one} anders dan in {other}. Werkmappen die samen één bestand worden, hebben dezelfde zichtperiode, "
        "betaalmoment en discontovoet: pas dat in een van beide aan.",
        "{value} differs between {one} and {other}. Workbooks that become one file have the same horizon, moment of payment and "
        "discount rate: change it in one of them.",
    ),
    "same_municipality": (
        "Twee werkmappen zijn van dezelfde gemeente, {value}. Zet haar objecten in één werkmap.",
        "Two workbooks are of the same municipality, {value}. Put its objects in one workbook.",
    ),
    "no_objects": (
        "{value} heeft geen objecten: er valt niets te waarderen. Vul het blad Objecten in.",
        "{value} has no objects: there is nothing to value. Fill in the sheet Objecten.",
    ),
    "onto_input": (
        "{value} is het bestand dat gelezen wordt, en blijft zoals het is. Kies een andere naam voor het resultaat.",
        "{value} is the file that is being read, and stays as it is. Choose another name for the result.",
    ),
    "too_many_objects": (
        "Er zijn {value} objecten; op een werkblad passen er {most}. Kies een bestand dat op .parquet eindigt.",
        "There are {value} objects; a sheet holds {most}. Choose a file that ends in .parquet.",
    ),
    "cluster_gone": (
        "Het cluster {value} is niet bereikbaar. {finished} van de {parts} delen zijn klaar en bewaard: dezelfde opdracht gaat "
        "daar verder.",
        "The cluster {value} cannot be reached. {finished} of {parts} parts are finished and kept: the same command goes on from "
        "there.",
    ),
    "worker_gone": (
        "Een proces dat meerekende is telkens afgebroken, meestal door te weinig geheugen. {finished} van de {parts} delen zijn "
        "klaar en bewaard: dezelfde opdracht gaat daar verder. Met --workers 1 is het minste geheugen nodig.",
        "A process that took part was ended time and again, mostly for lack of memory. {finished} of {parts} parts are finished "
        "and kept: the same command goes on from there. With --workers 1 it takes the least memory.",
    ),
    "portfolio_stopped_kept": (
        "Gestopt. De delen die klaar zijn staan in {value}: dezelfde opdracht gaat daar verder.",
        "Stopped. The parts that are finished stand in {value}: the same command goes on from there.",
    ),
    "portfolio_stopped": ("Gestopt.", "Stopped."),
    "portfolio_valued": (
        "{objects} objecten gewaardeerd; aantal gemeenten: {municipalities}.",
        "{objects} objects valued; number of municipalities: {municipalities}.",
    ),
    "portfolio_went_on": (
        "{parts} delen stonden er al van een eerdere keer.",
        "{parts} parts were there already from an earlier run.",
    ),
    "portfolio_synthetic": (
        "Let op: dit bestand is synthetisch. Geen enkel bedrag hoort bij een echt object.",
        "Mind: this file is synthetic. No amount belongs to a real object.",
    ),
}

MESSAGES: dict[str, tuple[str, str]] = {
    **READING,
    **OUTLINES,
    **REGISTERS,
    **VALUATION,
    **FRAMEWORKS,
    **LINES,
}


def problem_text(rule: str, language: str, parameters: dict[str, Any]) -> str:
    """The text of a rule, filled in.

    Parameters
    ----------
    rule : str
        Key of the catalogue; an unknown one is a `KeyError`, since it is our own mistake.
    language : {"nl", "en"}
    parameters : dict
        `sheet`, `cell`, `column`, `value`, and what the text names. Numbers are written in the language's notation.
    """
    template = MESSAGES[rule][0 if language == "nl" else 1]
    words = {key: _in_words(value, language) for key, value in parameters.items()}
    return template.format(place=_place(parameters, language), **words)


def _place(parameters: dict[str, Any], language: str) -> str:
    sheet, cell, column = (parameters.get(key) for key in ("sheet", "cell", "column"))
    if parameters.get("file") is not None:
        return ", ".join(str(part) for part in (parameters["file"], parameters.get("key")) if part)
    if sheet is None:
        return "Werkmap" if language == "nl" else "Workbook"
    parts = [("Blad " if language == "nl" else "Sheet ") + str(sheet)]
    if cell is not None:
        parts.append(("cel " if language == "nl" else "cell ") + str(cell))
    if column is not None:
        parts.append(f"{'kolom' if language == 'nl' else 'column'} {column}")
    return ", ".join(parts)


def _in_words(value: Any, language: str) -> str:
    """Numbers with the language's separators, at most two decimals; everything else as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    text = f"{value:,.2f}".rstrip("0").rstrip(".") if value != int(value) else f"{int(value):,d}"
    return text.translate(str.maketrans(",.", ".,")) if language == "nl" else text
