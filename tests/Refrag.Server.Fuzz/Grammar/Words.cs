namespace Refrag.Server.Fuzz.Grammar;

/// <summary>Texts that a member understands, whether good or at the edge of it, and texts that none expects.</summary>
internal static class Words
{
    private static readonly Dictionary<string, string[]> s_words = new(StringComparer.Ordinal)
    {
        ["image"] = ["busybox", "public.ecr.aws/docker/library/busybox:latest"],
        ["command"] = ["true", "sleep", "1", "Ref::a", "sh", "-c", "echo $AWS_BATCH_JOB_ID"],
        ["instanceTypes"] = ["c6i.large", "m6i.xlarge", "g5.xlarge", "p4d.24xlarge", "optimal", "c6i", "default_x86_64", "x9.none"],
        ["instanceType"] = ["c6i.large", "g5.xlarge", "ml.m5.large", "x9.none"],
        ["subnets"] = ["subnet-1", "subnet-2"],
        ["securityGroupIds"] = ["sg-1"],
        ["instanceRole"] = ["arn:aws:iam::000000000000:instance-profile/batch"],
        ["serviceRole"] = ["arn:aws:iam::000000000000:role/batch"],
        ["value"] = ["1", "0.25", "2", "16", "64", "1024", "0", "-1", "0.0001", "2147483647", "2147483648", "9223372036854775807",
            "9223372036854775808", "1e3", "1e400", "NaN", "", " 1", "¼", "0x10"],
        ["targetNodes"] = ["0", "0:", ":1", "0:1", "0:3", "1:", "1:0", "0:2147483647", "2147483647:", "2147483648:4294967296", ":"],
        ["capacityUnit"] = ["NUM_INSTANCES", "ml.m5.large", "vCPU", "x"],
        ["serviceRequestPayload"] = ["{\"TrainingJobName\":\"t\"}",
            "{\"ResourceConfig\":{\"InstanceType\":\"ml.m5.large\",\"InstanceCount\":2}}",
            "{\"ResourceConfig\":{\"InstanceCount\":2147483647}}", "{", "null", "[]", "1"],
        ["onExitCode"] = ["1", "137", "1*", "*", "0"],
        ["onReason"] = ["Cannot*", "*", "OutOfMemory*"],
        ["onStatusReason"] = ["Host EC2*", "*", "Task*"],
        ["name"] = ["REFRAG_SIM_SECONDS", "REFRAG_SIM_EXIT_CODE", "REFRAG_SIM_STOP_SECONDS", "REFRAG_SIM_OUTPUT", "AWS_BATCH_JOB_ID",
            "JOB_NAME", "JOB_STATUS", "JOB_DEFINITION", "BEFORE_CREATED_AT", "AFTER_CREATED_AT", "fuzz-1", "fuzz-2"],
        ["values"] = ["fuzz*", "*", "SUCCEEDED", "RUNNABLE", "1700000000000", "9223372036854775807", "9223372036854775808", "-1"],
        ["type"] = ["VCPU", "MEMORY", "GPU", "container", "multinode", "SEQUENTIAL", "N_TO_N"],
        ["operation"] = ["SET", "ADD", "REMOVE"],
        ["resourceType"] = ["REPLENISHABLE", "NON_REPLENISHABLE"],
        ["containerName"] = ["fuzz-1", "fuzz-2"],
        ["condition"] = ["START", "COMPLETE", "SUCCESS", "HEALTHY"],
        ["shareIdentifier"] = ["red", "blue*", "green"],
        ["logGroupName"] = ["/aws/batch/job"],
        ["logGroupIdentifier"] = ["/aws/batch/job", "arn:aws:logs:us-east-1:000000000000:log-group:/aws/batch/job:*"],
        ["filterPattern"] = ["a", "\"a b\"", "-a", "?a ?b", "%a%", "{ $.a = 1 }", "[a, b]", "\""],
        ["sourceVolume"] = ["data"],
        ["containerPath"] = ["/data", "/"],
        ["sourcePath"] = ["/tmp/fuzz", "/proc/self/mem"],
        ["cpu"] = ["1", "0.25", "1000m", "1e9", "-1"],
        ["memory"] = ["64Mi", "1Gi", "8Ei", "-1Mi", "1e30"],
    };

    /// <summary>Texts that no member expects.</summary>
    public static IReadOnlyList<string> Hostile { get; } =
    [
        "", " ", "\0", "a\0b", "\u001b[31mred", "\r\n", "\u202eabc", "\ufeff", "\ud83d\ude00", "ä\u0301", "*", "**", "%00", "%",
        "../../etc/passwd", "' or 1=1 --", "${jndi:x}", "null", "true", "0", "-1",
        "arn:", "arn:aws:batch", "arn:aws:batch:us-east-1:000000000000:job-queue/", "arn:aws:batch:us-east-1:000000000000:job-queue/a/b",
        "arn:aws:batch:eu-west-1:123456789012:job/4b6a1f2c-0f43-4f3c-8ac0-aaaaaaaaaaaa",
        "4b6a1f2c-0f43-4f3c-8ac0-aaaaaaaaaaaa", "4b6a1f2c-0f43-4f3c-8ac0-aaaaaaaaaaaa:0",
        "4b6a1f2c-0f43-4f3c-8ac0-aaaaaaaaaaaa:99999999999", "4b6a1f2c-0f43-4f3c-8ac0-aaaaaaaaaaaa#0", ":", "#", "a:1", "a:0", "a:-1",
        "a:2147483648",
    ];

    /// <summary>The words of a member; null if it has none of its own.</summary>
    public static IReadOnlyList<string>? Of(string member) => s_words.GetValueOrDefault(member);
}
