namespace Refrag.Apps;

/// <summary>
/// Gives a command the variables of <see cref="Worker.TorchVariables"/> by a POSIX shell, for images whose entry point is not refrag. Needs
/// /bin/sh in the image and nothing else.
/// </summary>
public static class ShellLauncher
{
    // The same rules as WorkerVariables; a test runs both and compares. `exec` leaves no shell between the command and its signals.
    internal const string Script =
        "WORLD_SIZE=${" + BatchVariables.NodeCount + ":-1}; "
        + "RANK=$(( (${" + BatchVariables.NodeIndex + ":-0} - ${" + BatchVariables.MainNodeIndex + ":-0} + WORLD_SIZE) % WORLD_SIZE )); "
        + "if [ \"$RANK\" = 0 ]; then main=127.0.0.1; else main=${" + BatchVariables.MainNodeAddress + ":-}; fi; "
        + "NODE_RANK=$RANK; GROUP_RANK=$RANK; LOCAL_RANK=0; LOCAL_WORLD_SIZE=1; "
        + "MASTER_ADDR=${MASTER_ADDR:-$main}; MASTER_PORT=${MASTER_PORT:-29500}; "
        + "export RANK WORLD_SIZE NODE_RANK GROUP_RANK LOCAL_RANK LOCAL_WORLD_SIZE MASTER_ADDR MASTER_PORT; "
        + "exec \"$@\"";

    /// <summary>
    /// The container command that sets the variables and becomes <paramref name="command"/>, whose words arrive untouched. It adds about
    /// 600 bytes to the 8,192 that Batch allows a submission's container overrides.
    /// </summary>
    /// <param name="command">The command.</param>
    /// <param name="before">Lines of shell that run before it; empty for none.</param>
    /// <exception cref="ArgumentException">The command is empty.</exception>
    public static IReadOnlyList<string> Wrap(IReadOnlyList<string> command, string before = "") =>
        command.Count > 0
            ? ["sh", "-c", before + Script, "sh", .. command]
            : throw new ArgumentException("A command has at least one word.", nameof(command));
}
