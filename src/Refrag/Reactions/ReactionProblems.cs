using Refrag.Claims;
using Refrag.Policies;

namespace Refrag.Reactions;

/// <summary>Why a job is not moved that its policy would move.</summary>
internal static class ReactionProblems
{
    public static Problem NoQueue(Warn warning) => new()
    {
        Code = "RF8139",
        What = $"Job {warning.Subject} has lost its host and is not moved: {warning.Reason}",
        Cure = "Enable the queue, or create it (infra/terraform, batch_on_demand_fallback): the job is moved then.",
    };

    /// <summary>Its claims are kept where this host does not see them.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="why">Why it is to be moved, as the verb of a sentence.</param>
    /// <param name="declared">Where the job says that its claims are.</param>
    /// <param name="own">Where those of this host are.</param>
    public static Problem OtherClaims(string jobId, string why, string declared, string own) => new()
    {
        Code = "RF8140",
        What = $"Job {jobId} {why} and is not moved from here: its claims are kept in {Name(declared)}",
        Cause = $"The claims of this host are in {Name(own)}, and two hosts that do not see each other's would submit it twice",
        Cure = ClaimStores.IsOfAMachine(declared)
            ? "Run refrag react where the job was submitted, or submit jobs with a store that all hosts see: env.claims=s3://BUCKET/claims."
            : $"Run refrag react with env.claims={declared}.",
    };

    public static Problem NoRegion(Warn warning) => new()
    {
        Code = "RF8185",
        What = $"Job {warning.Subject} is not moved to another region: {warning.Reason}",
        Cause = "The queue or the job definition is missing there, or the queue is disabled or invalid, or the region did not answer",
        Cure = warning.Step == RegionPolicy.Leave
            ? "It waits where it is. `refrag offers` with the job's words shows what each region lacks."
            : "It has ended in its region. It is moved as soon as one of them takes jobs, by `refrag react` or the run "
                + "that watches it.",
    };

    public static Problem OtherAction(string jobId, Claim claim) => new()
    {
        Code = "RF8141",
        What = $"Job {jobId} is not moved: {claim.Owner} has claimed to do something else with it ({claim.What})",
        Cause = "The two hosts have read the job differently, or are of different versions",
        Cure = $"Look for a job with the tag {Submission.SubmissionId.Tag}={claim.ActionId}; if there is none, run the same again with "
            + "`refrag run`.",
    };

    // A person that submits it again and a host that takes the claim over would have it twice.
    public static Problem NotKnown(Problem lost, string actionId, string place) => new()
    {
        Code = "RF8187",
        What = $"Of a job that is moved: {lost.What}",
        Cause = "SubmitJob has no idempotency token, and the claim of the move is open: whoever follows the job looks for it again when "
            + "the claim has ended",
        Cure = $"Do not submit it again yourself: `refrag react` with env.claims={place} looks for a job with the tag "
            + $"{Submission.SubmissionId.Tag}={actionId}, and submits it only if there is none.",
    };

    private static string Name(string place) => ClaimStores.IsOfAMachine(place) ? $"the own folder of one machine ({place})" : place;
}
