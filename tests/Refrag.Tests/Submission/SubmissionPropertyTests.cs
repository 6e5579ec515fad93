using CsCheck;
using Refrag.Aws.Batch;
using Refrag.Submission;

namespace Refrag.Tests.Submission;

public sealed class SubmissionPropertyTests
{
    private enum Fault
    {
        None,
        LostBefore,
        LostAfter,
        Unreachable,
        Throttled,
        ServerBefore,
        ServerAfter,
    }

    // Whatever breaks in whatever order, within the settled time: never two jobs, and an outcome that claims to know is right.
    [Fact]
    public Task SubmitAsync_AnyFaults_NeverSubmitsTwiceAndNeverLies() =>
        Gen.Select(Gen.Enum<Fault>().Array[12], Gen.Int[0, 4]).SampleAsync(static async (faults, hidden) =>
        {
            int call = 0;
            Fault now = Fault.None;
            var batch = new FakeBatch
            {
                HiddenLooks = hidden,
                Before = (o, _) =>
                {
                    now = faults[call++ % faults.Length];
                    return now switch
                    {
                        Fault.LostBefore => FakeBatch.Lost(o),
                        Fault.Unreachable => FakeBatch.Unreachable(o),
                        Fault.Throttled => FakeBatch.Throttled(o),
                        Fault.ServerBefore => BatchException.Server(o, ""),
                        _ => null,
                    };
                },
                After = (o, _) => now switch
                {
                    Fault.LostAfter => FakeBatch.Lost(o),
                    Fault.ServerAfter => BatchException.Server(o, ""),
                    _ => null,
                },
            };
            var request = new SubmitJobRequest { JobName = "train", JobQueue = "gpu", JobDefinition = "def" };
            SubmissionOutcome outcome =
                await new JobSubmitter(batch, new PassingTime()).SubmitAsync(request, new SubmissionId("x"), CancellationToken.None);
            Assert.InRange(batch.Jobs.Count, 0, 1);
            if (outcome is SubmissionOutcome.Submitted job) Assert.Equal(job.JobId, Assert.Single(batch.Jobs).JobId);
            if (outcome is SubmissionOutcome.NotSubmitted) Assert.Empty(batch.Jobs);
        });
}
