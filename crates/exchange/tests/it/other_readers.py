"""Reads what stands on standard input with two other readers and says what they see, as JSON.

First argument: `calendar` (icalendar and vobject) or `cards` (vobject).
"""

import datetime
import json
import sys

import icalendar
import vobject

text = sys.stdin.buffer.read().decode("utf-8")


def days(delta):
    return delta.total_seconds() / 86400


def is_day(value):
    return isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)


def by_icalendar():
    for event in icalendar.Calendar.from_ical(text).walk("VEVENT"):
        start, end = event["DTSTART"].dt, event["DTEND"].dt
        alarms = [days(alarm["TRIGGER"].dt) for alarm in event.walk("VALARM")]
        yield {
            "uid": str(event["UID"]),
            "sequence": int(event["SEQUENCE"]),
            "days": [str(start), str(end)] if is_day(start) and is_day(end) else None,
            "summary": str(event["SUMMARY"]),
            "description": str(event["DESCRIPTION"]),
            "alarms": alarms,
        }


def by_vobject():
    for event in vobject.readOne(text).vevent_list:
        start, end = event.dtstart.value, event.dtend.value
        alarms = [days(alarm.trigger.value) for alarm in event.contents.get("valarm", [])]
        yield {
            "uid": event.uid.value,
            "sequence": int(event.sequence.value),
            "days": [str(start), str(end)] if is_day(start) and is_day(end) else None,
            "summary": event.summary.value,
            "description": event.description.value,
            "alarms": alarms,
        }


def cards():
    for card in vobject.readComponents(text):
        card.validate(raiseException=True)
        yield {
            "name": card.fn.value,
            "family": card.n.value.family,
            "given": card.n.value.given,
            "org": card.org.value,
            "tel": [[phone.value, phone.params["TYPE"]] for phone in card.tel_list],
            "note": card.note.value,
        }


if sys.argv[1] == "calendar":
    print(json.dumps({"icalendar": list(by_icalendar()), "vobject": list(by_vobject())}))
else:
    print(json.dumps(list(cards())))
