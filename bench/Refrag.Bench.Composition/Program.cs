using Refrag.Bench.Composition;

// Refrag.Bench.Composition [CONF]: composes the configuration in CONF, and synthetic ones of growing size; prints a table.
// Refrag.Bench.Composition --sweep: expands and writes a sweep, in a process that has done nothing else, so that its memory is the sweep's;
// prints lines of the table.
if (args is ["--sweep"])
{
    await Sweeping.RunAsync(jobs: 10_000, CancellationToken.None);
    return;
}
Timing.Head();
Composing.Own(args.Length > 0 ? args[0] : "conf");
foreach (int times in (int[])[1, 2, 4, 8]) Composing.Synthetic(times);
