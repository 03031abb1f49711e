// CSV text to one object a day. No `cloud` here: a function that only computes is the easiest to move.
export default function parseWeather(file) {
  const { city, columns, chunks } = file;
  const days = chunks
    .flatMap((chunk) => chunk.split('\n'))
    .filter((line) => line !== '')
    .map((line) => {
      const cells = line.split(',');
      const cell = (name) => cells[columns.indexOf(name)];
      return {
        month: Number(cell('date').slice(5, 7)),
        year: Number(cell('date').slice(0, 4)),
        rainMm: Number(cell('precipitation')),
        warmestC: Number(cell('temp_max')),
        coldestC: Number(cell('temp_min')),
      };
    });
  return { city, days };
}
