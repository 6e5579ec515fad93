using System.Net;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Ec2;
using Refrag.Aws.Ecs;

namespace Refrag.Tests.History;

/// <summary>
/// Batch, ECS and EC2 as far as jobs and their hosts go. Container instance <c>…/cluster/n</c> is EC2 instance <c>i-n</c>.
/// </summary>
internal sealed class FakeHosts : IAwsTransport
{
    public List<JobDetail> Jobs { get; } = [];

    /// <summary>EC2's instances by id.</summary>
    public Dictionary<string, InstanceInfo> Instances { get; } = new(StringComparer.Ordinal);

    /// <summary>Every request, with what it asked for.</summary>
    public List<(string Operation, int Count)> Calls { get; } = [];

    /// <summary>Operations that the caller may not use, each with the code that its service answers then.</summary>
    public Dictionary<string, string> Denied { get; } = new(StringComparer.Ordinal);

    /// <summary>Spot prices by zone.</summary>
    public Dictionary<string, decimal> Spot { get; } = new(StringComparer.Ordinal);

    public List<DateTimeOffset> AskedAt { get; } = [];

    /// <summary>Happens while DescribeJobs is on its way.</summary>
    public Action Describing { get; set; } = static () => { };

    public static string Host(string name) => $"arn:aws:ecs:us-east-1:1:container-instance/cluster/{name}";

    public int CallsOf(string operation) => Calls.Count(call => call.Operation == operation);

    public void Add(string host, string type, string lifecycle = "", string zone = "us-east-1a") =>
        Instances[$"i-{host}"] = new InstanceInfo($"i-{host}", type, zone) { Lifecycle = lifecycle };

    public Task<TResponse> SendAsync<TRequest, TResponse>(
        AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        if (Denied.TryGetValue(operation.Name, out string? code))
        {
            Calls.Add((operation.Name, 0));
            return Task.FromException<TResponse>(operation.Failure(new AwsError(code, "not authorized", HttpStatusCode.Forbidden)));
        }
        return Task.FromResult((TResponse)Answer(operation.Name, request));
    }

    private object Answer(string name, object request)
    {
        switch (request)
        {
            case DescribeJobsRequest jobs:
                Calls.Add((name, jobs.Jobs.Count));
                Describing();
                return new DescribeJobsResponse { Jobs = [.. Jobs.Where(job => jobs.Jobs.Contains(job.JobId))] };
            case ListJobsRequest list:
                Calls.Add((name, 1));
                return new ListJobsResponse
                {
                    JobSummaryList =
                    [
                        .. Jobs.Where(job => job.Status == list.JobStatus)
                            .Where(job => job.JobId.StartsWith($"{list.ArrayJobId}:", StringComparison.Ordinal))
                            .Select(job => new JobSummary { JobId = job.JobId, StartedAt = job.StartedAt }),
                    ],
                };
            case DescribeContainerInstancesRequest hosts:
                Calls.Add((name, hosts.ContainerInstances.Count));
                return Describe(hosts);
            case DescribeInstancesRequest instances:
                Calls.Add((name, instances.Instances.Count));
                return new DescribeInstancesResponse
                {
                    Instances = [.. instances.Instances.Where(Instances.ContainsKey).Select(id => Instances[id])],
                };
            case DescribeSpotPriceHistoryRequest prices:
                Calls.Add((name, prices.Types.Count));
                AskedAt.Add(prices.At);
                return new DescribeSpotPriceHistoryResponse
                {
                    Prices = Spot.TryGetValue(prices.Zone!, out decimal usd)
                        ? [.. prices.Types.Select(type => new SpotPriceInfo(type, prices.Zone!, usd))]
                        : [],
                };
            default:
                throw new NotSupportedException(name);
        }
    }

    // A container instance that is gone is a failure. (ECS API, DescribeContainerInstances, failures)
    private DescribeContainerInstancesResponse Describe(DescribeContainerInstancesRequest request)
    {
        Assert.Equal("cluster", request.Cluster);
        ILookup<bool, string> known = request.ContainerInstances.ToLookup(host => Instances.ContainsKey(IdOf(host)));
        return new DescribeContainerInstancesResponse
        {
            ContainerInstances =
                [.. known[true].Select(host => new ContainerInstance { ContainerInstanceArn = host, Ec2InstanceId = IdOf(host) })],
            Failures = [.. known[false].Select(host => new Failure { Arn = host, Reason = "MISSING" })],
        };
    }

    private static string IdOf(string host) => $"i-{host[(host.LastIndexOf('/') + 1)..]}";
}
