using System.Globalization;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Simulation;

namespace Refrag.Scheduling.Explaining;

/// <summary>
/// Jobs that may be submitted later, as the last ones were: their record is played again from a place that chance picks, with its pauses.
/// </summary>
internal sealed class LaterJobs
{
    // A shorter record says nothing of what is usual.
    private static readonly TimeSpan s_leastRecord = TimeSpan.FromMinutes(10);
    private readonly JobRequest[] _past;
    private readonly long[] _pauses;
    private readonly DateTimeOffset _now;

    /// <summary>Takes those of a record that count.</summary>
    /// <param name="past">The last jobs that came, the oldest first.</param>
    /// <param name="isWanted">Whether jobs like this one count.</param>
    /// <param name="now">The time.</param>
    public LaterJobs((JobRequest Request, DateTimeOffset At)[] past, Func<JobRequest, bool> isWanted, DateTimeOffset now)
    {
        bool isLong = past.Length > 1 && now - past[0].At >= s_leastRecord;
        (JobRequest Request, DateTimeOffset At)[] wanted = isLong ? [.. past.Where(one => isWanted(one.Request))] : [];
        _past = [.. wanted.Select(one => one.Request)];
        _now = now;
        _pauses = new long[wanted.Length];
        for (int i = 0; i < wanted.Length; i++)
        {
            // The pause before the oldest is what is left of the record's time.
            TimeSpan pause = i > 0 ? wanted[i].At - wanted[i - 1].At : (wanted[0].At - past[0].At) + (now - wanted[^1].At);
            _pauses[i] = Math.Max(0, (long)pause.TotalMilliseconds);
        }
        // However busy the record was, playing it takes time.
        if (wanted.Length > 0) _pauses[0] = Math.Max(_pauses[0], wanted.Length);
    }

    /// <summary>The jobs that are played again.</summary>
    public IReadOnlyList<JobRequest> Past => _past;

    /// <summary>Whether any are to be expected.</summary>
    public bool Any => _past.Length > 0;

    /// <summary>One future: it has no end.</summary>
    public IEnumerable<SimulatedJob> Draw(Func<JobRequest, TimeSpan> length, Chance chance)
    {
        if (!Any) yield break;
        int at = chance.Number(_past.Length);
        DateTimeOffset time = _now.AddMilliseconds(_pauses[at] * chance.Part());
        for (int number = 1; ; number++)
        {
            JobRequest request = _past[at] with
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"later {number}"),
                SubmittedAt = time,
                Timeout = null,
            };
            yield return new SimulatedJob(request, length(_past[at])) { Attempts = _past[at].Attempts };
            at = (at + 1) % _past.Length;
            time = time.AddMilliseconds(_pauses[at]);
        }
    }
}
