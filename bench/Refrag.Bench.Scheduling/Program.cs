using Refrag.Bench.Scheduling;

// Refrag.Bench.Scheduling rounds | day | replay TRACE.csv… : prints rows of a Markdown table.
return args switch
{
    ["rounds"] => RoundBench.Run(),
    ["day"] => DayBench.Run(),
    ["replay", .. string[] traces] => ReplayBench.Run(traces),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Refrag.Bench.Scheduling rounds | day | replay TRACE.csv…");
    return 2;
}
