using System.Globalization;
using Refrag.Jobs;
using Refrag.Scheduling.Simulation;

namespace Refrag.Traces;

/// <summary>
/// Generates a workload: arrivals of a Poisson process, run times with a lognormal distribution, CPU and GPU jobs in a mix. The same seed
/// gives the same jobs.
/// </summary>
public sealed record WorkloadGenerator
{
    private const int MostJobs = 10_000_000;
    private const long ShortestRun = 1000;

    // Beyond it a run is longer than a trace may say.
    private const long LongestRun = 10L * 365 * 24 * 3600 * 1000;

    /// <summary>How many jobs; 1 to 10,000,000. Default 500.</summary>
    public int Jobs { get; private init; } = 500;

    /// <summary>How many are submitted in an hour on average; above 0. Default 60.</summary>
    public double PerHour { get; private init; } = 60;

    /// <summary>Which part of the jobs asks for GPUs, 0 to 1. Default 0.2.</summary>
    public double GpuPart { get; private init; } = 0.2;

    /// <summary>How long half of the CPU jobs run at most. Default 10 minutes.</summary>
    public TimeSpan CpuRun { get; private init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long half of the GPU jobs run at most. Default an hour.</summary>
    public TimeSpan GpuRun { get; private init; } = TimeSpan.FromHours(1);

    /// <summary>The standard deviation of the logarithm of the run times, 0 to 4. Default 1: one job in six is 2.7 times as long.</summary>
    public double Spread { get; private init; } = 1;

    /// <summary>The vCPUs of a CPU job, 1 to 192. Default 2.</summary>
    public int CpuVCpus { get; private init; } = 2;

    /// <summary>The memory of a CPU job in MiB. Default 4096.</summary>
    public int CpuMemory { get; private init; } = 4096;

    /// <summary>The GPUs of a GPU job, 1 to 8. Default 1.</summary>
    public int Gpus { get; private init; } = 1;

    /// <summary>The vCPUs of a GPU job. Default 4.</summary>
    public int GpuVCpus { get; private init; } = 4;

    /// <summary>The memory of a GPU job in MiB. Default 12288.</summary>
    public int GpuMemory { get; private init; } = 12_288;

    /// <summary>How many attempts each job may have, 1 to 10. Default 1.</summary>
    public int Attempts { get; private init; } = 1;

    /// <summary>How many share identifiers the jobs are spread over; 0 for none. Default 0.</summary>
    public int Shares { get; private init; }

    private static readonly Dictionary<string, Func<WorkloadGenerator, string, WorkloadGenerator?>> s_settings =
        new(StringComparer.Ordinal)
        {
            ["jobs"] = (one, text) => Whole(text, 1, MostJobs) is { } jobs ? one with { Jobs = jobs } : null,
            ["per_hour"] = (one, text) => Number(text, 1e9) is > 0 and { } rate ? one with { PerHour = rate } : null,
            ["gpu_part"] = (one, text) => Number(text, 1) is { } part ? one with { GpuPart = part } : null,
            ["cpu_run"] = (one, text) => Run(text) is { } run ? one with { CpuRun = run } : null,
            ["gpu_run"] = (one, text) => Run(text) is { } run ? one with { GpuRun = run } : null,
            ["spread"] = (one, text) => Number(text, 4) is { } spread ? one with { Spread = spread } : null,
            ["cpu_vcpus"] = (one, text) => Whole(text, 1, 192) is { } vCpus ? one with { CpuVCpus = vCpus } : null,
            ["cpu_memory_mib"] = (one, text) => Whole(text, 4, 1 << 25) is { } memory ? one with { CpuMemory = memory } : null,
            ["gpus"] = (one, text) => Whole(text, 1, 8) is { } gpus ? one with { Gpus = gpus } : null,
            ["gpu_vcpus"] = (one, text) => Whole(text, 1, 192) is { } vCpus ? one with { GpuVCpus = vCpus } : null,
            ["gpu_memory_mib"] = (one, text) => Whole(text, 4, 1 << 25) is { } memory ? one with { GpuMemory = memory } : null,
            ["attempts"] = (one, text) => Whole(text, 1, 10) is { } attempts ? one with { Attempts = attempts } : null,
            ["shares"] = (one, text) => Whole(text, 0, 1000) is { } shares ? one with { Shares = shares } : null,
        };

    /// <summary>The names of its settings.</summary>
    public static IReadOnlyCollection<string> Settings => s_settings.Keys;

    /// <summary>Reads settings as in <c>jobs=1000,per_hour=60</c>; an empty text has the usual ones.</summary>
    public static Result<WorkloadGenerator> Parse(string text)
    {
        var made = new WorkloadGenerator();
        List<Problem> problems = [];
        foreach (string one in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int equals = one.IndexOf('=', StringComparison.Ordinal);
            (string name, string value) = equals < 0 ? (one, "") : (one[..equals], one[(equals + 1)..]);
            if (!s_settings.TryGetValue(name, out var set))
                problems.Add(Wrong($"a generated workload has no setting {name}",
                    $"Use {string.Join(", ", Settings)}.{Suggestion.Sentence(name, Settings)}"));
            else if (set(made, value) is { } next) made = next;
            else problems.Add(Wrong($"{name} of a generated workload cannot be '{value}'",
                "Give a value in its range, as docs/concepts/simulation.md lists them."));
        }
        return problems.Count > 0 ? Result<WorkloadGenerator>.Failure(problems) : made;
    }

    /// <summary>The jobs of a seed.</summary>
    public Workload Make(ulong seed)
    {
        var chance = new Chance(seed);
        List<TraceJob> jobs = new(Jobs);
        string[] shares = [.. Enumerable.Range(1, Shares).Select(number => string.Create(CultureInfo.InvariantCulture, $"share{number}"))];
        double hours = 0;
        for (int i = 0; i < Jobs; i++)
        {
            hours += chance.Exponential() / PerHour;
            bool isGpu = chance.Part() < GpuPart;
            jobs.Add(new TraceJob
            {
                SubmittedAt = (long)(hours * 3_600_000),
                Runs = Draw(isGpu ? GpuRun : CpuRun, chance),
                MilliVCpus = 1000 * (isGpu ? GpuVCpus : CpuVCpus),
                MemoryMiB = isGpu ? GpuMemory : CpuMemory,
                Gpus = isGpu ? Gpus : 0,
                Nodes = 1,
                Attempts = Attempts,
                Id = string.Create(CultureInfo.InvariantCulture, $"job-{i + 1}"),
                Share = Shares == 0 ? null : shares[chance.Number(Shares)],
                Name = isGpu ? "gpu" : "cpu",
            });
        }
        return new Workload { Source = string.Create(CultureInfo.InvariantCulture, $"generated with seed {seed}"), Jobs = jobs };
    }

    // Whole seconds: the last bit of a logarithm differs from one C library to another.
    private long Draw(TimeSpan median, Chance chance)
    {
        double normal = Math.Sqrt(2 * chance.Exponential()) * Math.Cos(2 * Math.PI * chance.Part());
        double milliseconds = Math.Min(LongestRun, median.TotalMilliseconds * Math.Exp(Spread * normal));
        return Math.Max(ShortestRun, (long)Math.Round(milliseconds / 1000) * 1000);
    }

    private static Problem Wrong(string what, string cure) => new() { Code = "RF8153", What = what, Cure = cure };

    private static int? Whole(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : null;

    private static double? Number(string text, double most) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number <= most
            ? number
            : null;

    private static TimeSpan? Run(string text) => Duration.Parse(text) is { } run && run > TimeSpan.Zero ? run : null;
}
