/** What a smart home can be asked, in many ways, and the answer that follows from each. */
import type { Slot } from './words.ts';

/**
 * Phrases are imperatives, so that polite forms can stand around them, or whole sentences, which stay alone.
 * `(a|b)` is a choice, `[a]` may be left out, `{slot}` is a word of that list.
 */
export type Request = {
  /** How often it comes, relative to the others. */
  weight: number;
  /** The answer's keys in their order: a fixed text, or the slot whose value is copied. */
  answer: { action: string } & Record<string, string | { slot: Slot }>;
  imperatives?: string[];
  sentences?: string[];
};

const room = { slot: 'room' } as const;

export const requests: Request[] = [
  {
    weight: 6,
    answer: { action: 'light.on', room },
    imperatives: [
      '(turn|switch|put) on the [lights in the] {room} [light|lights]',
      '(turn|switch|put) the {room} (light|lights|lamp) on',
      'light up the {room}',
      'give me some light in the {room}',
    ],
    sentences: [
      "it's (too|so|really) dark in the {room}",
      "I can't see a thing in the {room}",
      '{room} lights on',
    ],
  },
  {
    weight: 5,
    answer: { action: 'light.off', room },
    imperatives: [
      '(turn|switch) off the {room} (light|lights)',
      '(turn|switch) the (light|lights) in the {room} off',
      'kill the (light|lights) in the {room}',
      'make it dark in the {room}',
    ],
    sentences: [
      'nobody needs (light|the lights) in the {room} (any more|right now)',
      '{room} lights off',
      "I'm (done|finished) in the {room}, lights out",
    ],
  },
  {
    weight: 1,
    answer: { action: 'light.off', room: 'all' },
    imperatives: [
      '(turn|switch) off (all|all of) the lights',
      '(turn|switch) off every light in the house',
      '(turn|switch) the lights off everywhere',
      'make the whole house dark',
    ],
    sentences: ['lights out everywhere', 'all lights off'],
  },
  {
    weight: 8,
    answer: { action: 'light.brightness', room, value: { slot: 'percent' } },
    imperatives: [
      'dim the {room} (light|lights) to {percent}',
      'set the {room} (light|lights|lamp) to {percent} [brightness]',
      'bring the brightness in the {room} to {percent}',
      'make the {room} lights {percent} bright',
    ],
    sentences: [
      'I want the {room} lights at {percent}',
      '{percent} brightness in the {room}',
      '{percent} light is enough in the {room}',
    ],
  },
  {
    weight: 6,
    answer: { action: 'light.color', room, color: { slot: 'color' } },
    imperatives: [
      '(turn|make|set) the {room} (light|lights) [to] {color}',
      'change the colour of the {room} (light|lights) to {color}',
      'change the {room} lights to {color}',
      'give the {room} a {color} glow',
    ],
    sentences: ['I want {color} (light|lights) in the {room}', '{color} lights in the {room}'],
  },
  {
    weight: 7,
    answer: { action: 'climate.set', room, temperature: { slot: 'degrees' } },
    imperatives: [
      'set the {room} to {degrees}',
      'heat the {room} to {degrees}',
      'set the (thermostat|temperature) in the {room} to {degrees}',
      'keep the {room} at {degrees}',
    ],
    sentences: [
      'I want (it|exactly) {degrees} in the {room}',
      'the {room} should be at {degrees}',
      '{degrees} in the {room} would be (nice|perfect|great)',
    ],
  },
  {
    weight: 4,
    answer: { action: 'climate.warmer', room, by: { slot: 'delta' } },
    imperatives: [
      'make the {room} {delta} warmer',
      'raise the temperature in the {room} by {delta}',
      'turn the heating in the {room} up [by] {delta}',
    ],
    sentences: ['the {room} should be {delta} warmer', '{room} up by {delta}'],
  },
  {
    weight: 4,
    answer: { action: 'climate.cooler', room, by: { slot: 'delta' } },
    imperatives: [
      'make the {room} {delta} cooler',
      'lower the temperature in the {room} by {delta}',
      'turn the heating in the {room} down [by] {delta}',
    ],
    sentences: ['the {room} should be {delta} (cooler|colder)', '{room} down by {delta}'],
  },
  {
    weight: 3,
    answer: { action: 'climate.mode', room, mode: { slot: 'mode' } },
    imperatives: [
      '(set|switch) the {room} (thermostat|air conditioner) to {mode}',
      'put the (climate|air conditioning) in the {room} on {mode} [mode]',
    ],
    sentences: ['{mode} mode in the {room}', 'I want {mode} mode in the {room}'],
  },
  {
    weight: 5,
    answer: { action: 'media.play', genre: { slot: 'genre' }, room },
    imperatives: [
      'play [some] {genre} [music] in the {room}',
      'put on [some] {genre} in the {room}',
      'start [a] {genre} (playlist|mix) in the {room}',
    ],
    sentences: [
      "I'm in the mood for {genre} in the {room}",
      'I (feel like|want) [some] {genre} in the {room}',
    ],
  },
  {
    weight: 3,
    answer: { action: 'media.pause', room },
    imperatives: [
      '(pause|stop) the music in the {room}',
      'pause whatever is playing in the {room}',
      'hold the music in the {room}',
      'stop playing in the {room}',
    ],
    sentences: ['no more music in the {room}', 'I need (silence|quiet) in the {room}'],
  },
  {
    weight: 3,
    answer: { action: 'media.next', room },
    imperatives: [
      'skip [this] (song|track) in the {room}',
      'play the next (song|track) in the {room}',
      'skip ahead on the {room} speaker',
    ],
    sentences: ["I don't like this song in the {room}", 'next (song|track) in the {room}'],
  },
  {
    weight: 5,
    answer: { action: 'media.volume', room, value: { slot: 'volume' } },
    imperatives: [
      'set the volume in the {room} to {volume}',
      '(turn|put) the {room} (speaker|music) to {volume}',
      'change the {room} volume to {volume}',
    ],
    sentences: ['volume {volume} in the {room}', 'I want the {room} speaker at {volume}'],
  },
  {
    weight: 5,
    answer: { action: 'timer.start', minutes: { slot: 'minutes' } },
    imperatives: [
      '(set|start) a timer for {minutes}',
      '(set|start) a timer of {minutes}',
      'remind me in {minutes}',
      'count down {minutes}',
      'wake me in {minutes}',
    ],
    sentences: ['{minutes} on the clock', 'I need a timer for {minutes}', 'timer, {minutes}'],
  },
  {
    weight: 4,
    answer: { action: 'timer.start', minutes: { slot: 'minutes' }, label: { slot: 'label' } },
    imperatives: [
      '(set|start) a {label} timer for {minutes}',
      'time the {label} for {minutes}',
      '(set|start) a timer of {minutes} for the {label}',
      'remind me about the {label} in {minutes}',
    ],
    sentences: ['the {label} (needs|takes|needs another) {minutes}', '{label} timer, {minutes}'],
  },
  {
    weight: 2,
    answer: { action: 'timer.start', seconds: { slot: 'seconds' } },
    imperatives: ['(set|start) a timer for {seconds}', 'count down {seconds}', 'give me {seconds}'],
    sentences: ['I need a timer for {seconds}', 'timer, {seconds}'],
  },
  {
    weight: 2,
    answer: { action: 'timer.start', hours: { slot: 'hours' } },
    imperatives: ['(set|start) a timer for {hours}', 'remind me in {hours}', 'wake me in {hours}'],
    sentences: ['I need a timer for {hours}', 'timer, {hours}'],
  },
  {
    weight: 2,
    answer: { action: 'timer.cancel', label: { slot: 'label' } },
    imperatives: ['(cancel|stop|delete) the {label} timer', 'turn off the timer for the {label}'],
    sentences: ["I don't need the {label} timer (any more|now)", 'the {label} is (done|ready)'],
  },
  {
    weight: 5,
    answer: { action: 'alarm.set', time: { slot: 'time' } },
    imperatives: [
      'set (an|the) alarm for {time}',
      'wake me [up] at {time}',
      'get me up at {time}',
      'ring at {time}',
    ],
    sentences: ['I (have|need|want) to get up at {time}', 'alarm at {time}'],
  },
  {
    weight: 4,
    answer: { action: 'alarm.set', time: { slot: 'time' }, day: { slot: 'day' } },
    imperatives: ['wake me [up] {day} at {time}', 'set an alarm for {day} at {time}'],
    sentences: ['I have to be up at {time} {day}', 'alarm {day} at {time}'],
  },
  {
    weight: 4,
    answer: { action: 'cover.open', cover: { slot: 'cover' }, room },
    imperatives: [
      'open the {cover} in the {room}',
      'open the {room} {cover}',
      '(pull|raise) up the {cover} in the {room}',
    ],
    sentences: ['let the sun in through the {room} {cover}', '{room} {cover} up'],
  },
  {
    weight: 4,
    answer: { action: 'cover.close', cover: { slot: 'cover' }, room },
    imperatives: [
      'close the {cover} in the {room}',
      '(close|shut) the {room} {cover}',
      'let down the {cover} in the {room}',
    ],
    sentences: ['the {cover} in the {room} should be closed', '{room} {cover} down'],
  },
  {
    weight: 4,
    answer: {
      action: 'cover.position',
      cover: { slot: 'cover' },
      room,
      value: { slot: 'percent' },
    },
    imperatives: [
      'open the {cover} in the {room} to {percent}',
      'set the {room} {cover} to {percent}',
      'move the {cover} in the {room} to {percent}',
    ],
    sentences: ['I want the {room} {cover} at {percent}'],
  },
  {
    weight: 3,
    answer: { action: 'lock.lock', door: { slot: 'door' } },
    imperatives: [
      'lock [up] the {door}',
      'lock the {door} (tonight|behind me|at once)',
      'make sure the {door} gets locked',
      'bolt the {door}',
    ],
    sentences: ['I forgot to lock the {door}', 'the {door} should be locked'],
  },
  {
    weight: 3,
    answer: { action: 'lock.unlock', door: { slot: 'door' } },
    imperatives: [
      'unlock the {door}',
      'unlock the {door} for (the guests|my sister|the plumber|the kids)',
      'let (me|them|him|her) in through the {door}',
    ],
    sentences: ["I'm standing at the {door}, let me in", 'the {door} should be unlocked'],
  },
  {
    weight: 3,
    answer: { action: 'vacuum.clean', room },
    imperatives: [
      'vacuum the {room}',
      'send the (vacuum|robot) to the {room}',
      'clean the floor in the {room}',
      'have the robot clean the {room}',
    ],
    sentences: ['the {room} floor is (dirty|dusty|a mess)', 'there are crumbs in the {room}'],
  },
  {
    weight: 2,
    answer: { action: 'vacuum.dock' },
    imperatives: [
      'send the (vacuum|robot|vacuum robot) (home|back|back home)',
      'send the (vacuum|robot) [back] to its (dock|charger|base)',
      'stop (vacuuming|the vacuum) and (go home|charge|dock)',
      'return the (vacuum|robot|cleaner) to the (dock|charger|base)',
    ],
    sentences: ['the (vacuum|robot) (can|should) go home [now]'],
  },
  {
    weight: 4,
    answer: { action: 'scene.start', scene: { slot: 'scene' } },
    imperatives: [
      '(start|activate|run) the {scene} scene',
      '(switch|change) the house to {scene} [mode]',
      'get everything ready for {scene}',
    ],
    sentences: ["it's time for {scene} mode", '{scene} scene', 'I want the {scene} mood'],
  },
  {
    weight: 6,
    answer: { action: 'list.add', item: { slot: 'item' } },
    imperatives: [
      '(add|put) {item} (to|on) the [shopping] list',
      '(add|put) {item} (to|on) my shopping list',
      'remember to buy {item}',
      'note that we need {item}',
    ],
    sentences: [
      'we are [almost] out of {item}',
      'we (need|have run out of) {item}',
      "there's no {item} left",
    ],
  },
  {
    weight: 3,
    answer: { action: 'list.remove', item: { slot: 'item' } },
    imperatives: [
      '(take|cross|strike) {item} off the [shopping] list',
      '(remove|delete) {item} from (the|my) [shopping] list',
    ],
    sentences: [
      'I [already] bought {item}',
      "we don't need {item} (any more|after all)",
      'we have enough {item}',
    ],
  },
  {
    weight: 4,
    answer: { action: 'fan.speed', room, speed: { slot: 'speed' } },
    imperatives: [
      '(set|turn|put) the {room} fan (to|on) {speed}',
      'run the fan in the {room} at {speed} speed',
      'switch the fan in the {room} to {speed}',
    ],
    sentences: ['{speed} speed for the {room} fan', 'I want the {room} fan on {speed}'],
  },
  {
    weight: 2,
    answer: { action: 'fan.off', room },
    imperatives: ['(turn|switch) off the {room} fan', 'stop the fan in the {room}'],
    sentences: ['the {room} fan is too loud, turn it off', '{room} fan off'],
  },
  {
    weight: 4,
    answer: { action: 'device.on', device: { slot: 'device' } },
    imperatives: [
      '(turn|switch) on the {device}',
      '(turn|switch) the {device} on',
      'start the {device}',
      'fire up the {device}',
    ],
    sentences: ['I need the {device} (now|running)', '{device} on'],
  },
  {
    weight: 4,
    answer: { action: 'device.off', device: { slot: 'device' } },
    imperatives: [
      '(turn|switch) off the {device}',
      '(turn|switch) the {device} off',
      'shut down the {device}',
      'cut the power to the {device}',
    ],
    sentences: ["I don't need the {device} any more", '{device} off'],
  },
  {
    weight: 4,
    answer: { action: 'query.temperature', room },
    imperatives: ['tell me (the temperature|how warm it is) in the {room}'],
    sentences: [
      'how (warm|hot|cold) is it in the {room}?',
      "what's the temperature in the {room}?",
      'is it (cold|warm) in the {room}?',
      'how many degrees are there in the {room}?',
    ],
  },
  {
    weight: 2,
    answer: { action: 'query.humidity', room },
    imperatives: ['tell me (the humidity|how humid it is) in the {room}'],
    sentences: [
      'how humid is it in the {room}?',
      "what's the humidity in the {room}?",
      'is the air in the {room} too dry?',
    ],
  },
  {
    weight: 4,
    answer: { action: 'query.light', room },
    imperatives: ['check (if|whether) the {room} light is on', 'check the lights in the {room}'],
    sentences: [
      '(is|are) the [lights in the] {room} lights on?',
      'did I leave the (light|lights) on in the {room}?',
      'is there still light in the {room}?',
    ],
  },
  {
    weight: 3,
    answer: { action: 'query.lock', door: { slot: 'door' } },
    imperatives: ['check (if|whether) the {door} is locked', 'check the lock of the {door}'],
    sentences: [
      'is the {door} [still] (locked|open|unlocked)?',
      'did (I|we|anyone) lock the {door}?',
    ],
  },
  {
    weight: 2,
    answer: { action: 'query.timer', label: { slot: 'label' } },
    imperatives: ['check the {label} timer'],
    sentences: [
      'how (long|many minutes) until the {label} is (done|ready)?',
      'how much time is left on the {label} timer?',
      'when will the {label} be (done|ready)?',
    ],
  },
];
