/** Corrections of answers that are being written, or whose mark was taken away: there until they are kept or cancelled. */

/** Which answer of which conversation. */
export type AnswerPlace = { chat: number; turn: number; column: number };
type Written = AnswerPlace & { text: string; /** Its field is there. */ open: boolean };

export class Corrections {
  #written = $state.raw<readonly Written[]>([]);

  of(place: AnswerPlace): Written | null {
    return this.#written.find((each) => isAt(each, place)) ?? null;
  }

  /** What is written for this answer, in a field or put aside. */
  put({ chat, turn, column }: AnswerPlace, text: string, open: boolean): void {
    const written = { chat, turn, column, text, open };
    this.#written = [...this.#written.filter((each) => !isAt(each, written)), written];
  }

  /** It is kept as data, or cancelled. */
  drop(place: AnswerPlace): void {
    this.#written = this.#written.filter((each) => !isAt(each, place));
  }

  /** The answers of a conversation from this turn on are gone. */
  dropFrom(chat: number, from: number): void {
    this.#written = this.#written.filter((each) => each.chat !== chat || each.turn < from);
  }
}

function isAt(one: AnswerPlace, { chat, turn, column }: AnswerPlace): boolean {
  return one.chat === chat && one.turn === turn && one.column === column;
}
