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
    /// <param name="past">The last submissions, the oldest first.</param>
    /// <param name="isWanted">Whether jobs like this one count.</param>
    /// <param name="now">The time.</param>
    public LaterJobs(JobRequest[] past, Func<JobRequest, bool> isWanted, DateTimeOffset now)
    {
        bool isLong = past.Length > 1 && now - past[0].SubmittedAt >= s_leastRecord;
        _past = isLong ? [.. past.Where(isWanted)] : [];
        _now = now;
        _pauses = new long[_past.Length];
        for (int i = 0; i < _past.Length; i++)
        {
            // The pause before the oldest is what is left of the record's time.
            TimeSpan pause = i > 0 ? _past[i].SubmittedAt - _past[i - 1].SubmittedAt : _past[0].SubmittedAt - past[0].SubmittedAt
                + (now - _past[^1].SubmittedAt);
            _pauses[i] = Math.Max(0, (long)pause.TotalMilliseconds);
        }
        // However busy the record was, playing it takes time.
        if (_past.Length > 0) _pauses[0] = Math.Max(_pauses[0], _past.Length);
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
            yield return new SimulatedJob(request, length(_past[at])) { Attempts = StartQuestion.Attempts };
            at = (at + 1) % _past.Length;
            time = time.AddMilliseconds(_pauses[at]);
        }
    }
}
