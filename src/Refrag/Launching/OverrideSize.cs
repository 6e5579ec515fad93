using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Jobs;

namespace Refrag.Launching;

/// <summary>Container overrides have a limit of their own, and the cure depends on what fills them.</summary>
internal static class OverrideSize
{
    // (UG service_limits)
    public const int MostBytes = BatchLimits.ContainerOverridesBytes;

    /// <summary>The bytes that overrides take in a request.</summary>
    public static int Bytes(ContainerOverrides overrides) => BatchJson.SizeOf(overrides);

    public static IReadOnlyList<Problem> Check(ContainerOverrides overrides, JobSpec spec)
    {
        int size = Bytes(overrides);
        if (size <= MostBytes) return [];
        int variables = spec.Environment.Sum(v => v.Key.Length + v.Value.Length);
        int command = overrides.Command!.Sum(part => part.Length);
        return
        [
            new Problem
            {
                Code = "RF2021",
                What = string.Create(
                    CultureInfo.InvariantCulture, $"The job's overrides take {size:N0} bytes; AWS Batch allows {MostBytes:N0}"),
                Cause = string.Create(
                    CultureInfo.InvariantCulture, $"The command takes {command:N0} of them, env.environment {variables:N0}"),
                Cure = variables > command
                    ? "Put large values of env.environment into a file in the image or on S3, or into the job definition."
                    : "Put the long values into a file in the image or on S3 and pass its path.",
                Place = variables > command ? spec.Places.Of("env.environment") : null,
            },
        ];
    }
}
