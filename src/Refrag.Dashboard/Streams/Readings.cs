using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Refrag.Aws;
using Refrag.Dashboard.Problems;

namespace Refrag.Dashboard.Streams;

/// <summary>What a page is sent again and again.</summary>
internal abstract record PageReading
{
    /// <summary>When it was read, in milliseconds since 1970, in UTC; null before anything was read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? At { get; init; }

    /// <summary>Why it cannot be read now; null if it can.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PageProblem? Problem { get; init; }
}

/// <summary>Reads something while a page shows it, and sends it each time. Pages that ask the same share a reading.</summary>
/// <typeparam name="T">What is read.</typeparam>
/// <param name="name">The name of the events.</param>
/// <param name="type">How it is written.</param>
/// <param name="pace">The time from one reading to the next, at least.</param>
/// <param name="nothing">What there is before the first reading.</param>
/// <param name="time">The clock.</param>
#pragma warning disable CA1001 // It lives as long as the server, and its lock has no handle to give back.
internal sealed class Readings<T>(string name, JsonTypeInfo<T> type, TimeSpan pace, T nothing, TimeProvider time)
#pragma warning restore CA1001
    where T : PageReading
{
    // What is asked for is typed by a user, so there is no end of keys.
    private const int Most = 16;

    // Of the time; the rest of it neither Batch nor this machine is kept busy.
    private const int Idle = 10;
    private static readonly TimeSpan s_slowest = TimeSpan.FromMinutes(10);

    // What failed may work again soon, and may have taken long to fail.
    private static readonly TimeSpan s_slowestFailed = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Dictionary<string, LastReading> _known = new(StringComparer.Ordinal);

    /// <summary>Sends it until the page is gone.</summary>
    /// <param name="key">Names what is read.</param>
    /// <param name="read">Reads it.</param>
    /// <param name="events">Where it is sent.</param>
    /// <param name="cancellationToken">The page is gone.</param>
    public async Task WriteAsync(
        string key, Func<CancellationToken, Task<T>> read, EventWriter events, CancellationToken cancellationToken)
    {
        await events.BeginAsync(cancellationToken);
        while (true)
        {
            // A reading may be long, and a silent stream is taken for a broken one.
            Task<(T Value, TimeSpan Pause)> reading = GetAsync(key, read, cancellationToken);
            await events.WaitAsync(_ => reading, cancellationToken);
            (T value, TimeSpan pause) = await reading;
            await events.SendAsync(name, value, type, cancellationToken);
            await events.WaitAsync(stop => Task.Delay(pause, time, stop), cancellationToken);
        }
    }

    private async Task<(T Value, TimeSpan Pause)> GetAsync(
        string key, Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            // A failed reading is shared too: else each page would wait for the same failure again, one behind the other.
            if (_known.TryGetValue(key, out LastReading? known) && time.GetElapsedTime(known.EndedAt) is var age && age < known.Pause)
                return (known.Value, known.Pause - age);
            long began = time.GetTimestamp();
            T value;
            try
            {
                value = await read(cancellationToken) with { At = time.GetUtcNow().ToUnixTimeMilliseconds() };
            }
            catch (AwsException failure)
            {
                value = (known?.Value ?? nothing) with { Problem = PageProblem.Of(failure.Problem) };
            }
            TimeSpan pause = time.GetElapsedTime(began) * Idle;
            TimeSpan slowest = value.Problem is null ? s_slowest : s_slowestFailed;
            pause = pause < pace ? pace : pause < slowest ? pause : slowest;
            if (_known.Count >= Most) _known.Clear();
            _known[key] = new LastReading(value, pause, time.GetTimestamp());
            return (value, pause);
        }
        finally
        {
            _one.Release();
        }
    }

    // What was read, and when its reading ended, by a clock that is never set back.
    private sealed record LastReading(T Value, TimeSpan Pause, long EndedAt);
}
