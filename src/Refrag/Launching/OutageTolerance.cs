using Refrag.Aws;

namespace Refrag.Launching;

/// <summary>
/// Tolerates that a service does not answer for some minutes: what waits for hours must not end because of a second. A refusal is not
/// tolerated.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="unanswered">Called once for each outage, with its first failure.</param>
public sealed class OutageTolerance(TimeProvider time, Action<AwsException> unanswered)
{
    private long? _began;

    /// <summary>The longest outage that is tolerated.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Asks once. Returns false if no answer came this time and the same question is to be asked later. Throws the failure if it will not
    /// pass by itself, or if no answer has come for too long.
    /// </summary>
    /// <param name="ask">Asks, and keeps the answer.</param>
    public async Task<bool> TryAsync(Func<Task> ask)
    {
        try
        {
            await ask();
            _began = null;
            return true;
        }
        catch (AwsException failure) when (failure.MayPass && !IsTooLong)
        {
            if (_began is null)
            {
                _began = time.GetTimestamp();
                unanswered(failure);
            }
            return false;
        }
    }

    private bool IsTooLong => _began is { } began && time.GetElapsedTime(began) >= Longest;
}
