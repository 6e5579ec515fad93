using Refrag.Aws.Batch;
namespace Refrag.Diagnosis;

/// <summary>Finds why a job waits, failed or would not start. Pure: the same situation gives the same answer.</summary>
public static class Diagnostician
{
    private const string NothingLeft = "then nothing known is in its way";

    /// <summary>Walks the known causes in the order of a job's way, and checks the cures on the changed state.</summary>
    public static Diagnosis Of(Situation situation)
    {
        // The sort is stable: of equally sure causes the one that comes first on the way comes first.
        Cause[] causes = [.. Walk(situation).OrderByDescending(c => c.Confidence)];
        return new Diagnosis([.. causes.Select(c => Checked(c, situation))], Summaries.Of(situation, causes), situation.NotChecked);
    }

    private static IEnumerable<Cause> Walk(Situation situation)
    {
        if (situation.Job is { Status: JobStatus.Succeeded }) return UsageCauses.Find(situation);
        if (situation.Job is { Status: JobStatus.Failed }) return Ended(situation);
        // A job that is with a host has found what it needs.
        if (situation.Job is { Status: JobStatus.Running }) return UsageCauses.Find(situation);
        if (situation.Job is { Status: JobStatus.Starting }) return WaitCauses.Starting(situation);
        if (situation.Job is { Status: JobStatus.Pending }) return [.. DependencyCauses.Find(situation), .. QueueCauses.Find(situation)];
        return Waiting(situation);
    }

    // A failure has a cause, known or not.
    private static Cause[] Ended(Situation situation) =>
        EndCauses.Find(situation).ToArray() is { Length: > 0 } known ? known : [EndCauses.Unexplained(situation)];

    private static List<Cause> Waiting(Situation situation)
    {
        List<Cause> causes = [.. QueueCauses.Find(situation), .. DefinitionCauses.Find(situation)];
        if (situation.Job is null) causes.AddRange(DependencyCauses.Find(situation));
        causes.AddRange(EnvironmentCauses.Find(situation));
        causes.AddRange(FitCauses.Find(situation));
        causes.AddRange(FitCauses.WithoutGpuImage(situation));
        causes.AddRange(AccountCauses.Find(situation));
        causes.AddRange(ConsumableCauses.Find(situation));
        // An attempt that failed and is tried again says more than the wait.
        if (causes.Count == 0 && SpotCauses.LostAgain(situation) is { } lost) causes.Add(lost);
        else if (situation.Job?.Attempts is { Count: > 0 } && causes.Count == 0)
            causes.AddRange(EndCauses.Find(situation).Where(c => !Retries(c, situation)).Take(1)
                .Select(c => c with { Confidence = Min(c.Confidence, Confidence.Likely) }));
        // What Batch says itself stands where nothing more exact was found.
        List<Cause> said = causes.Exists(c => c.Confidence == Confidence.Certain) ? []
            : [.. BlockedReasons.Find(situation).Where(c => !causes.Exists(known => known.Code == c.Code))];
        causes.AddRange(said.Where(c => c.Confidence > Confidence.Possible));
        if (!causes.Exists(c => c.Confidence >= Confidence.Likely)) causes.AddRange(WaitCauses.Find(situation));
        // That Batch does not know why says less than what is seen.
        causes.AddRange(said.Where(c => c.Confidence == Confidence.Possible && !causes.Exists(known => known.Code == c.Code)));
        causes.AddRange(FitCauses.Wasteful(situation));
        causes.AddRange(FitCauses.SharedMemory(situation));
        return SpareFirst(causes);
    }

    // A job that lost its host and is tried again waits as it should.
    private static bool Retries(Cause cause, Situation situation) =>
        cause.Code is "spot-reclaimed" or "host-lost" && situation.Job?.Status == JobStatus.Runnable && !WaitCauses.IsLate(situation);

    // Where the environments in order are full, one that is not in order is what the user can change.
    private static List<Cause> SpareFirst(List<Cause> causes) =>
        causes.Exists(c => c.Code == "environment-full")
            ? [.. causes.Select(
            c => EnvironmentCauses.Codes.Contains(c.Code) && c.Confidence == Confidence.Possible
                ? c with { Confidence = Confidence.Likely }
                : c)]
            : causes;

    private static Confidence Min(Confidence a, Confidence b) => a < b ? a : b;

    // What Batch said of the world before the cure is no witness of the world after it.
    private static Situation WithoutReason(Situation s) =>
        s.Job is { Status: JobStatus.Runnable } job ? s with { Job = job with { StatusReason = null } } : s;

    // Nor is the time that it has waited there, or what became of its attempts.
    private static Situation Afresh(Situation s) => WithoutReason(s) is { Job: { Status: JobStatus.Runnable } job } waiting
        ? waiting with { Job = job with { CreatedAt = s.Now.ToUnixTimeMilliseconds(), Attempts = [] } }
        : s;

    private static Cause Checked(Cause cause, Situation situation) =>
        cause with { Cures = [.. cause.Cures.Select(c => Checked(c, cause, situation))] };

    private static Cure Checked(Cure cure, Cause cause, Situation situation)
    {
        if ((cure.Changed ?? cure.Assumed) is not { } change) return cure;
        // A cause that only Batch's words show is not in what is computed: nothing could show that the cure removes it.
        if (Walk(WithoutReason(situation)).All(c => c.Code != cause.Code)) return cure;
        Cause? left = Walk(Afresh(change(situation))).Where(c => c.Confidence >= Confidence.Likely).MaxBy(c => c.Confidence);
        string found = Found(left, cause);
        if (left is null && cure.Changed is not null && situation.Job is not { Status: JobStatus.Failed })
            found = "it would start";
        return cure with { Checked = cure.Changed is null || found == NothingLeft ? found : $"checked: {found}" };
    }

    private static string Found(Cause? left, Cause cured) => left switch
    {
        null => NothingLeft,
        _ when left.Code == cured.Code => "that alone is not enough",
        { Confidence: Confidence.Certain } => $"then this is still in its way: {left.What}",
        _ => $"then this may still be in its way: {left.What}",
    };
}
