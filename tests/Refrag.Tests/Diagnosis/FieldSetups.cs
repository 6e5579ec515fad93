using static Refrag.Tests.FakeAccount;

namespace Refrag.Tests.Diagnosis;

/// <summary>
/// Set-ups that users have met, from public reports: the cause is what the report ended with, the words are the shape of Batch's, ECS's or
/// the log's. They were written before the checks were changed for them; bench/why.md has the figures of both.
/// </summary>
internal static class FieldSetups
{
    private const string NotStarted = "Task failed to start";

    public static IReadOnlyList<Setup> Broken { get; } =
    [
        new("Netflix/metaflow 110: on demand, healthy, RUNNABLE for hours", ["no-instances"],
            a => { a.ChangeResources(CpuEnv, r => r with { Type = "EC2" }); return Job(minutes: 240); }),
        new("aws-samples/aws-batch-genomics 3: instances without public addresses", ["instances-do-not-join"],
            a => { a.ChangeResources(CpuEnv, r => r with { Type = "EC2", DesiredvCpus = 4 }); return Job(minutes: 90); }),
        new("azavea/raster-vision 64: the ECS agent does not run", ["instances-do-not-join"],
            a => { a.ChangeResources(GpuEnv, r => r with { Type = "EC2", DesiredvCpus = 8 }); return Job(
                queue: Gpu, vcpus: 4, memory: 8192, gpus: 1, minutes: 60); }),
        new("aws-samples/aws-batch-genomics 9: clusters can not be blank", ["cluster-gone"],
            a => { a.ChangeEnv(
                CpuEnv, e => e with { Status = "INVALID", StatusReason = "CLIENT_ERROR - Clusters can not be blank." }); return Job(); }),
        new("apache/airflow 38298: Spot, cause undetermined", ["no-spot-capacity"],
            _ => Job(minutes: 60) with { StatusReason = "UNDETERMINED - Batch job is blocked, root cause is undetermined." }),
        new("aws/containers-roadmap 2231: 32000 MiB on 32 GiB", ["too-much-memory"],
            a => { a.ChangeResources(CpuEnv, r => r with { InstanceTypes = ["r5.xlarge"] }); return Job(
                vcpus: 4, memory: 32000, minutes: 60); }),
        new("OpenNeuroOrg/openneuro 124: 8000 MiB on 8 GiB", ["too-much-memory"],
            a => { a.ChangeResources(CpuEnv, r => r with { InstanceTypes = ["m4.large"] }); return Job(
                vcpus: 2, memory: 8000, minutes: 60); }),
        new("awslabs/spot-tagging-bot 1: 8096 MiB on c4.xlarge", ["too-much-memory"],
            a => { a.ChangeResources(CpuEnv, r => r with { InstanceTypes = ["c4.xlarge"], DesiredvCpus = 8 }); return Job(
                vcpus: 4, memory: 8096, minutes: 60); }),
        new("hashicorp/terraform-provider-aws 21281: the service role is not trusted", ["service-role"],
            a => { a.ChangeEnv(CpuEnv,
                e => e with
                {
                    Status = "INVALID",
                    StatusReason =
                        "CLIENT_ERROR - User: batch.amazonaws.com is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::1:role/b (Service: AWSSecurityTokenService; Status Code: 403; Error Code: AccessDenied)",
                }); return Job(); }),
        new("hashicorp/terraform-provider-aws 38050: the service role may not look at clusters", ["service-role"],
            a => { a.ChangeEnv(CpuEnv,
                e => e with
                {
                    Status = "INVALID",
                    StatusReason =
                        "CLIENT_ERROR - User: arn:aws:sts::1:assumed-role/b/aws-batch is not authorized to perform: ecs:DescribeClusters on resource: arn:aws:ecs:us-west-2:1:cluster/b_Batch_6d67 because no identity-based policy allows the ecs:DescribeClusters action",
                }); return Job(); }),
        new("aws/aws-cdk 6427: user data is no MIME multipart", ["launch-template"],
            a => { a.ChangeEnv(CpuEnv,
                e => e with
                {
                    Status = "INVALID",
                    StatusReason = "CLIENT_ERROR - Launch Template UserData is not MIME multipart format",
                }); return Job(); }),
        new("globaldothealth/list 2662: Fargate reaches no registry", ["task-start-network"],
            _ => Failed(
                "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 3 time(s)", null, NotStarted)),
        new("doctorray117/minecraft-ondemand 74: registry authorization times out", ["task-start-network"],
            _ => Failed(
                "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 3 time(s): RequestError: send request failed caused by: Post \"https://api.ecr.us-east-2.amazonaws.com/\": dial tcp 10.0.0.1:443: i/o timeout. Please check your task network configuration.", null, NotStarted)),
        new("aws-samples/dataops-platform-airflow-dbt 12: no public address for the secret", ["task-start-network"],
            _ => Failed(
                "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 5 time(s): failed to fetch secret from secrets manager: RequestCanceled: request context canceled caused by: context deadline exceeded", null, NotStarted)),
        new("globaldothealth/list 2662: the pull is cancelled", ["registry-unreachable"],
            _ => Failed(
                "CannotPullContainerError: Error response from daemon: Get https://1.dkr.ecr.us-east-1.amazonaws.com/v2/: net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)", null, NotStarted)),
        new("nextflow-io/nextflow 5099: many images on one disk", ["disk-full"],
            _ => Failed(
                "CannotPullContainerError: write /var/lib/docker/tmp/GetImageBlob887491687: no space left on device", null, NotStarted)),
        new("seqeralabs/nf-tower 305: no way to the logs", ["task-start-network"],
            _ => Failed(
                "CannotStartContainerError: Error response from daemon: failed to initialize logging driver: failed to create Cloudwatch log stream: RequestError: send request failed caused by: Post https://logs.us-east-2.amazonaws.com/: dial tcp 10.20.10.16:443: i/o timeout", null, NotStarted)),
        new("aws/amazon-ecs-agent 2954: the program is not there", ["command-missing"],
            _ => Failed(
                "CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: OCI runtime create failed: container_linux.go:370: starting container process caused: exec: \"/opt/sonarqube/bin/run.sh\": stat /opt/sonarqube/bin/run.sh: no such file or directory", null, NotStarted)),
        new("aws/amazon-ecs-agent 2442: EFS cannot be mounted", ["volume-mount"],
            _ => Failed(
                "CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: OCI runtime create failed: container_linux.go:349: starting container process caused \"process_linux.go:449: container init caused \\\"rootfs_linux.go:58: mounting \\\\\\\"/efs\\\\\\\" to rootfs caused permission denied\\\"\"", null, NotStarted)),
        new("nextflow-io/nextflow 1339: a GPU job that asks for none", ["gpu-not-asked"], _ => Failed(null, 1))
        {
            Log = ["Traceback (most recent call last):",
                "ImportError: libcuda.so.1: cannot open shared object file: No such file or directory"],
        },
        new("aws/aws-parallelcluster 1878: the job finds no GPU", ["gpu-not-asked"], _ => Failed(null, 1))
        {
            Log = ["RuntimeError: No CUDA GPUs are available"],
        },
        new("another queue of the same priority has filled the environment", ["environment-full"], a =>
        {
            a.ChangeResources(CpuEnv, r => r with { DesiredvCpus = 64 });
            a.Queues.Add(QueueOf("nightly", CpuEnv));
            a.Jobs.Add(Job("RUNNING", queue: "nightly", id: "n"));
            return Job(minutes: 30);
        }),
    ];
}
