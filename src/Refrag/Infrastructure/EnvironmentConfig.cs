using System.Globalization;
using System.Text;

namespace Refrag.Infrastructure;

/// <summary>An environment config on disk.</summary>
/// <param name="Name">What stands behind <c>env=</c>.</param>
/// <param name="Path">The file.</param>
/// <param name="HasChanged">Whether it was written; false where it said the same already.</param>
public sealed record WrittenEnvironment(string Name, string Path, bool HasChanged);

/// <summary>The environment config that <c>refrag run env=NAME</c> composes, made from a stack's outputs.</summary>
public static class EnvironmentConfig
{
    /// <summary>The file's text. The same outputs give the same text. A single queue takes the place of both kinds.</summary>
    /// <param name="outputs">The stack's outputs.</param>
    public static string Render(StackOutputs outputs)
    {
        var text =
            new StringBuilder(
                "# Written by `refrag infra sync` from the outputs of infra/terraform; the next sync overwrites it.\ndefaults:\n  - "
                    + "awsbatch\n  - _self_\n\n");
        Line("region", outputs.Region);
        Line("image", outputs.JobImage);
        Line("cpu_job_queue", outputs.CpuJobQueue ?? outputs.SingleJobQueue);
        Line("gpu_job_queue", outputs.GpuJobQueue ?? outputs.SingleJobQueue);
        Line("cpu_job_definition_name", outputs.CpuJobDefinition ?? outputs.SingleJobDefinition);
        Line("gpu_job_definition_name", outputs.GpuJobDefinition ?? outputs.SingleJobDefinition);
        if (outputs.DistributedJobQueue is { } queue) Line("distributed_job_queue", queue);
        if (outputs.DistributedJobDefinition is { } definition) Line("distributed_job_definition_name", definition);
        foreach ((string kind, string name) in outputs.OnDemandQueues.OrderBy(one => one.Key, StringComparer.Ordinal))
            Line($"{kind}_on_demand_job_queue", name);
        // cpu-high is the key cpu_high_job_queue.
        foreach ((string kind, string name) in outputs.PriorityQueues.OrderBy(one => one.Key, StringComparer.Ordinal))
            Line($"{kind.Replace('-', '_')}_job_queue", name);
        if (outputs.CodeStore is { } code) Line("code_store", code);
        if (outputs.ResultsStore is { } results) Line("results", results);
        return text.ToString();

        void Line(string key, string? value) => text.Append(CultureInfo.InvariantCulture, $"{key}: {Quote(value ?? "")}\n");
    }

    /// <summary>
    /// Writes <c>FOLDER/env/NAME.yaml</c> whole or not at all, and touches no file that says the same already. RF6012 for a name that would
    /// leave the folder.
    /// </summary>
    /// <param name="folder">The configuration's folder, <c>conf</c>.</param>
    /// <param name="name">The environment's name. Not <c>awsbatch</c>, which the file builds upon.</param>
    /// <param name="outputs">The stack's outputs.</param>
    /// <param name="cancellationToken">Gives up; the file is then as it was.</param>
    public static async Task<Result<WrittenEnvironment>> WriteAsync(
        string folder, string name, StackOutputs outputs, CancellationToken cancellationToken)
    {
        if (name is "" or "awsbatch" || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) return BadName(name);
        string path = Path.Combine(folder, "env", name + ".yaml");
        string text = Render(outputs);
        if (File.Exists(path) && await File.ReadAllTextAsync(path, cancellationToken) == text)
            return new WrittenEnvironment(name, path, HasChanged: false);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path + ".new", text, cancellationToken);
        File.Move(path + ".new", path, overwrite: true);
        return new WrittenEnvironment(name, path, HasChanged: true);
    }

    private static Problem BadName(string name) => new()
    {
        Code = "RF6012",
        What = $"'{name}' cannot be the name of a synced environment",
        Cause = name == "awsbatch" ? "the synced file builds upon conf/env/awsbatch.yaml" : null,
        Cure = "Use letters, digits, - and _, such as awsbatch-us-east-1.",
    };

    // Double quotes hold any text in YAML once quote and backslash are escaped; outputs hold no control characters.
    private static string Quote(string value) => $"\"{value.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
}
