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
    private readonly JobReactor _reactor;

    private FallbackDriver(CliContext context, AwsConnection connection, IClaimStore store)
    {
        (_context, _store) = (context, store);
        ClaimBook claims = new(store, context.Time, ClaimAccess.Owner, ClaimBook.UsualLease);
        _reactor = new JobReactor(connection.Transport, claims, context.Time, new SubmissionNotes(context.Terminal));
    }

    /// <summary>The driver of a job; null if it is not to be moved, or if its store cannot be used, which is reported.</summary>
    public static async Task<FallbackDriver?> OpenAsync(
        CliContext context, AwsConnection connection, JobSpec spec, CancellationToken cancellationToken)
    {
        if (JobPolicy.Of(spec) is not { Claims: not null }) return null;
        Result<IClaimStore> store = await ClaimAccess.OpenAsync(context, spec, cancellationToken);
        if (store.IsSuccess) return new FallbackDriver(context, connection, store.Value);
        context.Terminal.Problems(store.Problems);
        return null;
    }

    /// <summary>The id of the job's successor, submitted now or by another host; null if it has none.</summary>
    /// <param name="handle">The job.</param>
    /// <param name="end">The job as it ended.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<string?> MoveAsync(JobHandle handle, JobDetail end, CancellationToken cancellationToken)
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
                            return moved.JobId;
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
