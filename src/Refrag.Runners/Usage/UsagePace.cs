namespace Refrag.Runners.Usage;

/// <summary>How often is sampled and reported.</summary>
/// <param name="Interval">The least time between two samples.</param>
/// <param name="FirstReport">When an attempt is reported first; each pause after that is twice the one before.</param>
/// <param name="LongestPause">The longest pause between two reports.</param>
internal sealed record UsagePace(TimeSpan Interval, TimeSpan FirstReport, TimeSpan LongestPause)
{
    // A sample of the GPUs starts a program.
    private const double OfGpus = 7.5;

    // Half of the thousandth of a processor that measuring may take: the runtime beside the samples takes nearly as much.
    private const int UsualPauseOfCost = 2000;

    // A longer rest would miss more than it spares.
    private static readonly TimeSpan s_longestRest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_longestOfGpus = TimeSpan.FromMinutes(10);

    // More samples than usual cost more: that is what was asked for.
    private double PauseOfCost => UsualPauseOfCost * Math.Min(1, Interval / UsageSetting.Usual);

    /// <summary>For lines in a job's log: few.</summary>
    public static UsagePace OfLogs(TimeSpan interval) => new(interval, interval * 30, interval * 300);

    /// <summary>For a log of its own, which is read while the job runs.</summary>
    public static UsagePace OfEngine(TimeSpan interval) => new(interval, TimeSpan.Zero, interval * 30);

    /// <summary>How long to wait after a round of samples.</summary>
    /// <param name="cost">The processor time that it took.</param>
    public TimeSpan After(TimeSpan cost) => Longer(Interval, Shorter(cost * PauseOfCost, s_longestRest));

    /// <summary>How long to wait after a question about the GPUs.</summary>
    /// <param name="cost">The processor time that it took.</param>
    public TimeSpan AfterGpus(TimeSpan cost) => Shorter(Longer(Interval * OfGpus, cost * PauseOfCost), s_longestOfGpus);

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
