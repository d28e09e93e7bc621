import { sql } from 'drizzle-orm';
import { openEmbeddedDatabase } from '../database.ts';

// Commits settings one after another until it is killed, and prints each number after its commit.

const directory = process.argv[2];
if (!directory) {
  throw new Error('The directory is missing');
}
const { database } = await openEmbeddedDatabase(directory);
const [row] = await database.execute<{ count: number }>(sql`select count(*)::int as count from settings`);
for (let number = row?.count ?? 0; ; number++) {
  await database.transaction(async (transaction) => {
    await transaction.execute(sql`insert into settings values (${`key-${number}`}, 'x', '2026-01-01')`);
    await transaction.execute(
      sql`insert into setting_changes (key, changed_at) values (${`key-${number}`}, '2026-01-01')`,
    );
  });
  process.stdout.write(`${number}\n`);
  if (number % 50 === 49) {
    await database.execute(sql`checkpoint`);
  }
}
