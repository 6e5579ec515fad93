using System.Globalization;
using Refrag.Bench.Scheduling;

// Refrag.Bench.Scheduling rounds | day | replay TRACE.csv… | forecast JOBS VCPUS TRACE.csv… | whatif FOLDER | million JOBS |
// policies FOLDER : prints rows of a Markdown table.
return args switch
{
    ["rounds"] => RoundBench.Run(),
    ["day"] => DayBench.Run(),
    ["replay", .. string[] traces] => ReplayBench.Run(traces),
    ["forecast", var jobs, var vCpus, .. string[] traces] => ForecastBench.Run(
        int.Parse(jobs, CultureInfo.InvariantCulture), int.Parse(vCpus, CultureInfo.InvariantCulture), traces),
    ["whatif", var folder] => WhatIfBench.Run(folder),
    ["policies", var folder] => PolicyBench.Run(folder),
    ["million", var jobs] => WhatIfBench.Million(int.Parse(jobs, CultureInfo.InvariantCulture)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        "usage: Refrag.Bench.Scheduling rounds | day | replay TRACE.csv… | forecast JOBS VCPUS TRACE.csv… | whatif FOLDER | million JOBS "
        + "| policies FOLDER");
    return 2;
}
