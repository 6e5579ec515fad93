using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Refrag.Aws;
using Refrag.Aws.Batch;

namespace Refrag.Server.Tests.Endpoints;

/// <summary>
/// For every operation, every variant of <see cref="Variants"/>: it reaches the engine, unless AWS documents that its members do not go
/// together, and is never a 500.
/// </summary>
[Trait("Peer", "botocore")]
public sealed class VariantTests
{
    // What the model allows and AWS's documentation does not. (API reference of the operation or shape)
    private static readonly string[] s_refused =
    [
        // ListJobs: "You must specify only one of the following items".
        @"^ListJobs\.(jobQueue|arrayJobId|multiNodeJobId) (absent|null)$",
        // RegisterJobDefinition: the type and its properties, exactly one of them.
        @"^RegisterJobDefinition\.type of (container|multinode)$",
        @"^RegisterJobDefinition\.(container|ecs|eks|node)Properties (absent|null)$",
        // JobDependency: without a job only SEQUENTIAL of an array, and the type is left out here.
        @"^SubmitJob\.dependsOn\[0\]\.jobId (absent|null)$",
        // KeyValuePair of an environment: seen to be refused without a name.
        @"\.environment\[0\]\.name (absent|null)$",
        // ResourceRequirement: each type once; the other two stand beside it.
        @"\.resourceRequirements\[0\]\.type of (VCPU|MEMORY)$",
        // TaskContainerProperties: a task needs vCPUs and memory.
        @"^RegisterJobDefinition\..*ecsProperties\.taskProperties\[0\]\.containers\[0\]\.resourceRequirements (absent|null|empty)$",
    ];

    [Fact]
    public async Task Variants_OfEveryOperation_AreTakenOrDocumentedAsRefused()
    {
        await using ServedEngine served = await ServedEngine.StartAsync();
        List<string> wrong = [];
        HashSet<string> unused = [.. s_refused];
        int tried = 0;
        foreach (AwsOperation operation in BatchOperations.All)
        {
            foreach (JsonObject valid in served.Specimen.Of(operation))
            {
                foreach (Variant variant in new Variants(served.Model, operation, valid).All())
                {
                    int before = served.Counted.Passed;
                    Answer answer = await served.AskAsync(operation, variant.Body);
                    bool isTaken = served.Counted.Passed > before;
                    string? rule = isTaken ? null : s_refused.FirstOrDefault(rule => Matches(rule, variant));
                    if (rule is not null) unused.Remove(rule);
                    bool isExpected = isTaken || (rule is not null && ServedEngine.IsRefused(answer));
                    if (answer.Status >= HttpStatusCode.InternalServerError || !isExpected)
                        wrong.Add($"{variant.What}: {answer}");
                    tried++;
                }
            }
        }
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {tried}:\n{string.Join('\n', wrong.Take(40))}");
        Assert.True(tried > 2400, $"only {tried} variants");
        Assert.Empty(unused);
        Assert.Empty(served.Server.Log);
        TestContext.Current.SendDiagnosticMessage("{0} variants", tried);
    }

    private static bool Matches(string rule, Variant variant) =>
        Regex.IsMatch(variant.What, rule, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
}
