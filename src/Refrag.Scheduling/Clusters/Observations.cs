namespace Refrag.Scheduling.Clusters;

/// <summary>What was seen of jobs and instances, which forecasts go by. Times are in milliseconds.</summary>
internal sealed class Observations
{
    private const int KeptArrivals = 1024;
    private const int KeptStarts = 64;
    private long _spotLosses;
    private long _spotMilliseconds;

    /// <summary>How long attempts lasted.</summary>
    public Durations Durations { get; } = new();

    /// <summary>The last jobs that came, and when.</summary>
    public Latest<(JobRequest Request, DateTimeOffset At)> Arrivals { get; } = new(KeptArrivals);

    /// <summary>How long the last instances took from their launch until they took jobs.</summary>
    public Latest<long> StartUps { get; } = new(KeptStarts);

    /// <summary>A Spot instance is gone, taken away or let go.</summary>
    public void SpotEnded(long lived, bool isReclaimed)
    {
        _spotMilliseconds += lived;
        if (isReclaimed) _spotLosses++;
    }

    /// <summary>How often a Spot instance was reclaimed in an hour on average; 0 where none was.</summary>
    /// <param name="living">How long those have lived that run now, together.</param>
    public double ReclaimsPerHour(long living) =>
        _spotLosses == 0 ? 0 : _spotLosses / Math.Max(1.0 / 60, TimeSpan.FromMilliseconds(_spotMilliseconds + living).TotalHours);
}
