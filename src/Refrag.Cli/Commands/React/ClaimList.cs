using System.Globalization;
using Refrag.Claims;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Terminal;

namespace Refrag.Cli.Commands.React;

/// <summary><c>refrag react --status</c>: the claims of a store, the newest last.</summary>
internal static class ClaimList
{
    private static readonly Column[] s_columns =
        [new("JOB"), new("CLAIMED"), new("BY", Least: 12), new("WHAT", Least: 20), new("MOVED TO")];

    public static async Task<int> PrintAsync(QuerySession session, ClaimBook claims, CancellationToken cancellationToken)
    {
        List<ClaimedAction> all = [];
        try
        {
            await foreach (ClaimedAction one in claims.ListAsync(cancellationToken)) all.Add(one);
        }
        catch (Exception fault) when (ClaimAccess.IsFault(fault))
        {
            session.Terminal.Problems([ClaimAccess.Unusable(claims.Place, fault)]);
            return ExitCodes.Unavailable;
        }
        all.Sort((a, b) => Nullable.Compare(a.Claim?.MadeAt, b.Claim?.MadeAt));
        if (session.Json)
        {
            foreach (ClaimedAction one in all) session.Terminal.Output(JsonOutput.Line(Of(one), ReactJson.Default.ClaimedMove));
            return ExitCodes.Success;
        }
        session.Terminal.Note($"Claims in {claims.Place}: {all.Count.ToString(CultureInfo.InvariantCulture)}");
        Table table = new(session.Terminal, s_columns);
        foreach (ClaimedAction one in all)
        {
            table.Add(
                one.Claim?.Subject ?? "not readable",
                one.Claim is { } claim ? RelativeTime.Whole(claim.MadeAt, session.Context.Time) : "",
                (one.Claim?.Owner ?? "") + (one.Claims > 1 ? $" (host {one.Claims} of them)" : ""),
                one.Claim?.What ?? "",
                one.Outcome?.JobId ?? "not recorded");
        }
        table.Flush();
        return ExitCodes.Success;
    }

    private static ClaimedMove Of(ClaimedAction one) => new()
    {
        JobId = one.Claim?.Subject,
        Attempt = one.Claim?.Attempt,
        What = one.Claim?.What,
        Owner = one.Claim?.Owner,
        MadeAt = one.Claim?.MadeAt,
        Claims = one.Claims,
        SubmissionId = one.Claim?.ActionId,
        MovedTo = one.Outcome?.JobId,
    };
}
