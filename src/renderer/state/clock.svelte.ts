/** The time of day for 'five minutes ago', moved on every few seconds. Milliseconds since 1970. */

class Clock {
  now = $state(Date.now());

  constructor() {
    setInterval(() => {
      this.now = Date.now();
    }, 5000);
  }
}

export const clock = new Clock();
