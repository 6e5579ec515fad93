using System.Text.Json;
using Refrag.Aws.Batch;
using Refrag.Engine.Names;
using Refrag.Engine.Options;
using Refrag.Engine.State;
using Refrag.Engine.Store;

namespace Refrag.Engine.Tests.State;

/// <summary>What earlier versions have stored is still understood.</summary>
public sealed class EarlierStateTests
{
    [Fact]
    public void Restore_AQueueWhosePolicyIsOfAnotherRegion_FindsThePolicyByItsName()
    {
        var state = new EngineState(new LocalBatchOptions(), new MemoryStore(), TimeProvider.System, _ => { });
        var policy = new SchedulingPolicyDetail { Name = "fair", Arn = LocalArns.Usual.SchedulingPolicy("fair") };
        var queue = new JobQueueDetail
        {
            JobQueueName = "queue",
            JobQueueArn = LocalArns.Usual.Queue("queue"),
            State = JQState.Enabled,
            SchedulingPolicyArn = "arn:aws:batch:eu-west-1:000000000000:scheduling-policy/fair",
        };
        state.Restore(new StoredState
        {
            Resources =
            [
                (ResourceKinds.SchedulingPolicy, "fair", Json(policy)),
                (ResourceKinds.JobQueue, "queue", Json(queue)),
            ],
        });
        JobQueueDetail restored = state.JobQueues.Find("queue")!;
        Assert.Equal(policy.Arn, restored.SchedulingPolicyArn);
        Assert.Equal("fair", state.PolicyOf(restored)!.Name);
    }

    private static string Json<T>(T one) => JsonSerializer.Serialize(one, BatchJson.Options.GetTypeInfo(typeof(T)));
}
