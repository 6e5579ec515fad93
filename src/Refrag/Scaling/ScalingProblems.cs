using Refrag.Aws.Batch;
using Refrag.Claims;
using Refrag.Policies;

namespace Refrag.Scaling;

/// <summary>Why an environment is not scaled that a policy is for.</summary>
internal static class ScalingProblems
{
    public static Problem NoEnvironment(EnvironmentPolicy policy, IReadOnlyList<string> near, IReadOnlyList<string> all) => new()
    {
        Code = "RF8165",
        What = near.Count == 0
            ? $"Scaling policy {policy.Name} is for the compute environment {policy.Environment}, which does not exist"
            : $"Scaling policy {policy.Name} is for {policy.Environment}, which is a word of several: {string.Join(", ", near)}",
        Cure = $"Name one of {string.Join(", ", all)}.{Suggestion.Sentence(policy.Environment, all)}",
    };

    public static Problem Unused(EnvironmentPolicy policy, IReadOnlyList<string> near, IReadOnlyList<string> used) => new()
    {
        Code = "RF8165",
        What = $"Scaling policy {policy.Name} is for {policy.Environment}, which no job comes to: {string.Join(", ", near)}",
        Cause = "It is disabled, being deleted, or in the order of no queue: its instances would be paid for nothing",
        Cure = used.Count > 0
            ? $"Name one that a queue uses: {string.Join(", ", used)}."
            : "Enable it, and put it into the order of a queue.",
    };

    public static Problem NoQueue(EnvironmentPolicy policy, string queue, IReadOnlyList<string> all) => new()
    {
        Code = "RF8167",
        What = $"Scaling policy {policy.Name} counts the jobs of queue {queue}, which does not exist",
        Cure = $"Name one of {string.Join(", ", all)}.{Suggestion.Sentence(queue, all)}",
    };

    public static Problem NotScalable(EnvironmentPolicy policy, ComputeEnvironmentDetail environment) => new()
    {
        Code = "RF8174",
        What = $"Scaling policy {policy.Name} is for {environment.ComputeEnvironmentName}, which has no minimum: it is "
            + (environment.ComputeResources?.Type ?? environment.Type ?? "unmanaged"),
        Cure = $"Write a policy for an environment of type {CRType.Ec2} or {CRType.Spot}.",
    };

    public static Problem Twice(string environment, IReadOnlyList<string> policies) => new()
    {
        Code = "RF8175",
        What = $"Scaling policies {string.Join(" and ", policies)} are for one compute environment, {environment}",
        Cause = "Each would change what the other has set, so none of them is applied",
        Cure = "Write one policy with the rules of both.",
    };

    public static Problem OtherClaims(ScalingTarget target, string declared, string own) => new()
    {
        Code = "RF8166",
        What = $"{target.Name} is not scaled from here: its changes are claimed in {NameOf(declared)}",
        Cause = $"The claims of this host are in {NameOf(own)}, and two hosts that do not see each other's would change it in turn",
        Cure = (ClaimStores.IsOfAMachine(declared) ? "Scale it from that machine" : $"Set env.claims={ScalingClaims.SettingOf(declared)}")
            + $"; or, if nothing scales it there any more, remove the tag {EnvironmentScaler.PlaceTag} from the compute environment.",
    };

    private static string NameOf(string place) => ClaimStores.IsOfAMachine(place) ? $"the own folder of one machine ({place})" : place;
}
