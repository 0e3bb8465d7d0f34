import type { Guest } from '../browser/guest.ts';
import { until } from '../until.ts';

/** What the page of one guest says of one person in the call. */
export interface Person {
  /** Of the seat: one who left and came again has another. */
  readonly id: string | null;
  readonly text: string;
  readonly isSelf: boolean;
  readonly link: string | null;
  readonly path: string | null;
  readonly microphone: string | null;
  readonly camera: string | null;
  readonly isOnOlderPage: boolean;
}

/** Who is in the call, by what this guest's page says, this guest first. */
export function listPeople(guest: Guest): Promise<Person[]> {
  return guest.evaluate((): Person[] => {
    const items = document.querySelectorAll('[aria-label="People in the call"] > li');
    return [...items].map((item) => ({
      id: item.getAttribute('data-participant-id'),
      text: item.textContent,
      isSelf: item.hasAttribute('data-self'),
      link: item.getAttribute('data-link'),
      path: item.getAttribute('data-path'),
      microphone: item.getAttribute('data-audio'),
      camera: item.getAttribute('data-video'),
      isOnOlderPage: item.hasAttribute('data-older'),
    }));
  }, null);
}

/** Who is in the call, by ids. */
export async function listIds(guest: Guest): Promise<(string | null)[]> {
  return (await listPeople(guest)).map(({ id }) => id);
}

/** Waits until the page shows another person, by name, of whom `holds` is true. */
export async function waitForPerson(
  guest: Guest,
  name: string,
  what: string,
  holds: (person: Person) => boolean = () => true,
  deadlineMs?: number,
): Promise<void> {
  await until(
    `${guest.label} to be shown ${name} ${what}`,
    async () => {
      const people = await listPeople(guest);
      const found = people.some((person) => !person.isSelf && person.text.includes(name) && holds(person));
      return found ? { found, value: null } : { found, seen: people };
    },
    deadlineMs,
  );
}

/** Waits until the page shows this many people, this guest included. */
export async function waitForPeople(guest: Guest, count: number, deadlineMs?: number): Promise<void> {
  await until(
    `${guest.label} to be shown ${count} people`,
    async () => {
      const people = await listPeople(guest);
      return people.length === count ? { found: true, value: null } : { found: false, seen: people };
    },
    deadlineMs,
  );
}
