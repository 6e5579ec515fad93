namespace Refrag.Tests.Diagnosis;

/// <summary>A diagnosis ends whatever value of an enumeration Batch answers: AWS adds some every year.</summary>
public sealed class UnknownValueTests
{
    [Fact]
    public async Task Of_EachEnumerationMemberOfEachAnswerWithAnUnknownValue_EndsWithADiagnosis()
    {
        IReadOnlyList<Setup> setups = [.. SetupFiles.Broken, .. SetupFiles.Reported, .. SetupFiles.Independent, .. SetupFiles.Healthy];
        HashSet<string> members = [];
        int count = 0;
        foreach (Setup setup in setups)
        {
            HashSet<string> seen = [];
            await WhyTests.DiagnoseAsync(setup, (operation, answer) =>
            {
                seen.UnionWith(EnumerationValues.In(answer).Select(path => $"{operation} {path}"));
                return answer;
            });
            foreach (string member in seen)
            {
                Assert.NotNull(await WhyTests.DiagnoseAsync(setup, (operation, answer) =>
                    member.StartsWith($"{operation} ", StringComparison.Ordinal)
                        ? EnumerationValues.Replace(answer, member[(operation.Name.Length + 1)..])
                        : answer));
                count++;
            }
            members.UnionWith(seen);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{members.Count} members, {count} diagnoses");
        Assert.Superset(new HashSet<string>
        {
            "DescribeJobs .jobs[].status", "DescribeJobQueues .jobQueues[].state", "DescribeJobQueues .jobQueues[].status",
            "DescribeComputeEnvironments .computeEnvironments[].computeResources.type",
            "DescribeComputeEnvironments .computeEnvironments[].computeResources.allocationStrategy",
        }, members);
    }
}
