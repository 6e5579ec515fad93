using Refrag.Bench.Composition;

// Refrag.Bench.Composition [CONF]: composes the configuration in CONF, synthetic ones of growing size, and a sweep; prints a table.
string conf = args.Length > 0 ? args[0] : "conf";
Console.WriteLine("| what | median | best | limit |");
Console.WriteLine("|---|---|---|---|");
Composing.Own(conf);
foreach (int times in (int[])[1, 2, 4, 8]) Composing.Synthetic(times);
await Sweeping.RunAsync(jobs: 10_000, CancellationToken.None);
