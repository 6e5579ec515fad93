using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Launching;

namespace Refrag.Tests.Launching;

public sealed class LauncherTests
{
    // AWS: "Either schedulingPriority in job definition or schedulingPriorityOverride is required." (nextflow#3505)
    [Theory]
    [InlineData("vision", null, null, 0)]
    [InlineData("vision", null, 50, null)]
    [InlineData("vision", 7, 50, 7)]
    [InlineData(null, null, null, null)]
    public async Task Launch_OfAShare_HasAPriority(string? share, int? asked, int? ofDefinition, int? expected)
    {
        var batch = new Account(ofDefinition);
        var spec = Specs.Command() with { ShareIdentifier = share, Priority = asked };
        LaunchPlan plan = LaunchPlanner.Plan(spec, new("q", "d", "because"), new Submitter("ada", new("id"))).Value;

        await new Launcher(batch, TimeProvider.System).LaunchAsync(spec, plan, TestContext.Current.CancellationToken);

        Assert.Equal(expected, batch.Submitted!.SchedulingPriorityOverride);
    }

    private sealed class Account(int? priority) : IAwsTransport
    {
        public SubmitJobRequest? Submitted { get; private set; }

        public Task<TResponse> SendAsync<TRequest, TResponse>(
            AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
            where TRequest : class
            where TResponse : class => Task.FromResult((TResponse)Answer(request));

        private object Answer(object request)
        {
            switch (request)
            {
                case DescribeJobQueuesRequest:
                    return new DescribeJobQueuesResponse
                    {
                        JobQueues = [new JobQueueDetail { JobQueueName = "q", State = JQState.Enabled, Status = JQStatus.Valid }],
                    };
                case DescribeJobDefinitionsRequest:
                    return new DescribeJobDefinitionsResponse
                    {
                        JobDefinitions = [new JobDefinition
                        {
                            JobDefinitionName = "d",
                            Revision = 1,
                            Status = "ACTIVE",
                            Type = JobDefinitionType.Container,
                            SchedulingPriority = priority,
                            ContainerProperties = new ContainerProperties { Image = "i", Vcpus = 1, Memory = 64 },
                        }],
                    };
                case SubmitJobRequest submit:
                    Submitted = submit;
                    return new SubmitJobResponse { JobId = "j", JobName = submit.JobName };
                default:
                    throw new NotSupportedException(request.GetType().Name);
            }
        }
    }
}
