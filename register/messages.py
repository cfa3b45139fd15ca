"""What the register says when something cannot be done, in Dutch and English. The texts may be changed freely."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TEXTS: dict[str, dict[str, str]] = {
    "role": {
        "nl": "Uw rol geeft hier geen recht toe.",
        "en": "Your role does not allow this.",
    },
    "not_yours": {
        "nl": "Dit dossier is van iemand anders. De gemeente kan u er toegang toe geven.",
        "en": "This case is somebody else's. The municipality can give you access to it.",
    },
    "not_a_member": {
        "nl": "U doet niet mee aan deze ronde, of dit initiatief hoort er niet bij.",
        "en": "You are not in this round, or this initiative is not part of it.",
    },
    "own_initiative": {
        "nl": "U bent bij dit initiatief betrokken en kunt het daarom niet scoren.",
        "en": "You are involved in this initiative and can therefore not score it.",
    },
    "not_your_key": {
        "nl": "Dit is van iemand anders; u kunt alleen uw eigen score of concept vastleggen.",
        "en": "This is somebody else's; you can only add a score or draft of your own.",
    },
    "not_found": {
        "nl": "Dit staat niet in het register van uw organisatie.",
        "en": "There is no such thing in your organisation's register.",
    },
    "conflict": {
        "nl": "Iemand anders was u voor: u ging uit van versie {based_on}, nu geldt versie {latest}. Er is niets gewijzigd.",
        "en": "Somebody else was first: you built on version {based_on}, now version {latest} stands. Nothing was changed.",
    },
    "unreachable": {
        "nl": "Het register is nu niet bereikbaar. Er is niets geschreven.",
        "en": "The register cannot be reached now. Nothing was written.",
    },
    "full": {
        "nl": "De schijf van het register is vol. Er is niets geschreven. De beheerder moet ruimte maken.",
        "en": "The disk of the register is full. Nothing was written. The administrator has to make room.",
    },
    "busy": {
        "nl": "Het register is nu bezet. Er is niets geschreven; probeer het zo opnieuw.",
        "en": "The register is busy now. Nothing was written; try again in a moment.",
    },
    "damaged": {
        "nl": "Het bestand van het register is beschadigd, of is iets anders dan een register.",
        "en": "The register's file is damaged, or is something else than a register.",
    },
    "newer": {
        "nl": "Het register is gemaakt met een nieuwere versie van deze software. Werk de software bij.",
        "en": "The register was made by a newer version of this software. Update the software.",
    },
    "driver": {
        "nl": "Voor PostgreSQL is het pakket psycopg nodig: pip install 'buurtwaarde[postgres]'.",
        "en": "PostgreSQL needs the package psycopg: pip install 'buurtwaarde[postgres]'.",
    },
    "archive": {
        "nl": "Dit is geen bruikbare reservekopie. Er is niets geschreven. ({detail})",
        "en": "This is no backup that can be used. Nothing was written. ({detail})",
    },
    "not_empty": {
        "nl": "Het register is niet leeg. Met --overwrite vervangt u alles wat erin staat.",
        "en": "The register is not empty. With --overwrite you replace everything in it.",
    },
}


def text(rule: str, language: str, parameters: Mapping[str, Any]) -> str:
    """The words for a rule, in Dutch (`nl`) or English (`en`)."""
    return TEXTS[rule][language].format(**parameters)
