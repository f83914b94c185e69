// A calendar that the program writes, as ical.js reads it: the reader of Thunderbird and of
// calendars in browsers. The file is the one that the tests of crates/exchange compare.
import ICAL from 'ical.js';
import { expect, test } from 'vitest';
import text from '../../../crates/exchange/tests/data/calendar.ics?raw';

test('ical.js sees days, reminders and whole titles', () => {
  const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
  const seen = calendar.getAllSubcomponents('vevent').map((component) => {
    const event = new ICAL.Event(component);
    return {
      sequence: event.sequence,
      isDay: event.startDate.isDate && event.endDate.isDate,
      days: [event.startDate.toString(), event.endDate.toString()],
      length: [...event.summary].length,
      alarms: component
        .getAllSubcomponents('valarm')
        .map((alarm) => String(alarm.getFirstPropertyValue('trigger'))),
    };
  });
  const long = [...'复旦大学附属中山医院伦理委员会初始审查批件到期日期𠮷'].length * 4;
  const seven = { sequence: 7, isDay: true };
  expect(seen).toEqual([
    { ...seven, days: ['2026-03-31', '2026-04-01'], length: long, alarms: ['-P7D'] },
    { ...seven, days: ['2026-12-01', '2027-01-01'], length: 16, alarms: ['-P7D'] },
    { ...seven, days: ['2024-02-29', '2024-03-01'], length: 10, alarms: [] },
  ]);
});
