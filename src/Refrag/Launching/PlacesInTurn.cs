using System.Runtime.ExceptionServices;
using Refrag.Aws;

namespace Refrag.Launching;

/// <summary>
/// Asks several places again and again, each in its turn, and tolerates the outage of each for itself: one that does not answer, or
/// refuses, keeps no other from being asked.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="count">How many places, one at least; they are known by their numbers, from 0.</param>
public sealed class PlacesInTurn(TimeProvider time, int count)
{
    private readonly OutageTolerance?[] _tolerances = new OutageTolerance?[count];
    private readonly bool[] _isOut = new bool[count];

    /// <summary>Called once for each outage, with its first failure.</summary>
    public required Action<AwsException> Unanswered { get; init; }

    /// <summary>
    /// Called when a place refuses, or has not answered for too long: it is asked in each round all the same, and this is called again only
    /// after it has answered.
    /// </summary>
    public required Action<int, AwsException> LeftOut { get; init; }

    /// <summary>Whether a place was left out in the last round.</summary>
    public bool IsAnyOut => Array.IndexOf(_isOut, true) >= 0;

    /// <summary>
    /// Asks each place once. Returns false if one of them did not answer, and the same question is to be asked again. Throws the last
    /// failure if every place refuses or has not answered for too long.
    /// </summary>
    /// <param name="ask">Asks a place, and keeps the answer.</param>
    public async Task<bool> TryEachAsync(Func<int, Task> ask)
    {
        bool isAnswered = true;
        List<(int Place, AwsException Failure)> failures = [];
        for (int place = 0; place < count; place++)
        {
            OutageTolerance tolerance = _tolerances[place] ??= new OutageTolerance(time, Unanswered);
            int at = place;
            try
            {
                isAnswered &= await tolerance.TryAsync(() => ask(at));
                _isOut[place] = false;
            }
            catch (AwsException failure)
            {
                failures.Add((place, failure));
            }
        }
        if (failures.Count == count) ExceptionDispatchInfo.Throw(failures[^1].Failure);
        foreach ((int place, AwsException failure) in failures)
        {
            if (!_isOut[place]) LeftOut(place, failure);
            _isOut[place] = true;
        }
        return isAnswered;
    }
}
