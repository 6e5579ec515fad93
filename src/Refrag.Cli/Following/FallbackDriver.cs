using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Claims;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Policies;
using Refrag.Reactions;

namespace Refrag.Cli.Following;

/// <summary>Moves a job that is watched, as its policy says, or waits for the host that does.</summary>
internal sealed class FallbackDriver : IDisposable
{
    // A claim lasts minutes.
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);

    // What is not known after that many tries is not known later either: a definition that is gone, a right that is missing.
    private const int MostTries = 3;

    private readonly CliContext _context;
    private readonly IClaimStore _store;
    private readonly ClaimBook _claims;
    private readonly RegionalConnections _regions;
    private JobReactor _reactor;
    private string? _seen;

    private FallbackDriver(CliContext context, AwsConnection connection, RegionalConnections regions, IClaimStore store)
    {
        (_context, _store, _regions) = (context, store, regions);
        _claims = new ClaimBook(store, context.Time, ClaimAccess.Owner, ClaimBook.UsualLease);
        _reactor = ReactorOf(connection);
    }

    /// <summary>The driver of a job; null if it is not to be moved, or if its store cannot be used, which is reported.</summary>
    public static async Task<FallbackDriver?> OpenAsync(
        CliContext context, AwsConnection connection, RegionalConnections regions, JobSpec spec, CancellationToken cancellationToken)
    {
        if (!ClaimAccess.IsNeeded(spec) || spec.Capacity.Claims is null) return null;
        Result<IClaimStore> store = await ClaimAccess.OpenAsync(context, spec, cancellationToken);
        if (store.IsSuccess) return new FallbackDriver(context, connection, regions, store.Value);
        context.Terminal.Problems(store.Problems);
        return null;
    }

    /// <summary>The connection to the region of a successor, which is followed from now on.</summary>
    public AwsConnection Enter(string region)
    {
        AwsConnection connection = _regions.In(region);
        _reactor = ReactorOf(connection);
        return connection;
    }

    /// <summary>Ends a job that waits for too long where it is, and is to be submitted to another region.</summary>
    /// <param name="handle">The job.</param>
    /// <param name="now">The job as it is now.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task SeeAsync(JobHandle handle, JobDetail now, CancellationToken cancellationToken)
    {
        if (now.Status != JobStatus.Runnable || RegionMoves.Read(now.Tags) is not { Next.Count: > 0 }) return;
        try
        {
            switch (await _reactor.ReactAsync(now, cancellationToken))
            {
                case Reaction.Leaving leaving:
                    Once($"{handle.Name}: {leaving.Reason}: it is ended there and moved to {leaving.Region}.", _context.Terminal.Note);
                    break;
                case Reaction.Refused { Problem: var problem }:
                    Once(problem.What, _ => _context.Terminal.Problems([problem]));
                    break;
            }
        }
        catch (AwsException failure)
        {
            // The job is read again in some seconds: what was lost is asked for then.
            Once(failure.Problem.What, _ => _context.Terminal.Warnings([failure.Problem]));
        }
    }

    /// <summary>The job's successor, submitted now or by another host; null if it has none.</summary>
    /// <param name="handle">The job.</param>
    /// <param name="end">The job as it ended.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Reaction.Moved?> MoveAsync(JobHandle handle, JobDetail end, CancellationToken cancellationToken)
    {
        OutageTolerance tolerance = new(_context.Time, _context.Terminal.NoAnswer);
        string? said = null;
        int tries = 0;
        while (true)
        {
            Reaction? reaction = null;
            try
            {
                if (await tolerance.TryAsync(async () => reaction = await _reactor.ReactAsync(end, cancellationToken)))
                {
                    switch (reaction)
                    {
                        case Reaction.Moved moved:
                            Note(handle, moved);
                            JobRegions.Remember(_context, moved.JobId, moved.Region);
                            return moved;
                        case Reaction.Refused refused:
                            _context.Terminal.Problems([refused.Problem]);
                            return null;
                        case Reaction.Waiting { Unknown: { } unknown } when ++tries == MostTries:
                            _context.Terminal.Problems([unknown]);
                            return null;
                        case Reaction.Waiting waiting:
                            said = Say(handle, waiting, said);
                            break;
                        default:
                            return null;
                    }
                }
            }
            catch (Exception fault) when (ClaimAccess.IsFault(fault))
            {
                _context.Terminal.Problems([ClaimAccess.Unusable(_store.Place, fault)]);
                return null;
            }
            await Task.Delay(s_pause, _context.Time, cancellationToken);
            // The host that has moved it says so in its tags.
            end = await handle.DescribeAsync(cancellationToken) ?? end;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _store.Dispose();

    private JobReactor ReactorOf(AwsConnection connection) =>
        new(connection.Transport, _claims, _context.Time, new SubmissionNotes(_context.Terminal), _regions.Batch);

    private void Once(string sentence, Action<string> say)
    {
        if (sentence != _seen) say(sentence);
        _seen = sentence;
    }

    private void Note(JobHandle handle, Reaction.Moved moved) => _context.Terminal.Note(
        moved is { Reason: { } reason, Queue: { } queue }
            ? $"{handle.Name}: {reason}: {moved.JobId} in {queue}"
            : $"{handle.Name}: moved by another host: {moved.JobId}");

    private string Say(JobHandle handle, Reaction.Waiting waiting, string? said)
    {
        string sentence = waiting.Unknown is { } unknown
            ? $"{handle.Name}: {unknown.What}. It is looked for again when the claim has ended."
            : $"{handle.Name}: {waiting.Claim.Owner} has claimed to move it ({waiting.Claim.What}); waiting for it.";
        if (sentence != said) _context.Terminal.Note(sentence);
        return sentence;
    }
}
