using System.Runtime.InteropServices;
using System.Text;

namespace Refrag.Runners.Processes;

/// <summary>
/// Starts a program in a session, and so in a process group, of its own. docs/decisions/0004-process-groups.md says why .NET's own
/// Process class cannot.
/// </summary>
internal static unsafe class Spawner
{
    // glibc's structures have 336 and 80 bytes, musl's the same, macOS keeps a pointer; the size is not part of any header we can ask.
    private const int RoomForStructure = 1024;

    private const short SetSignalDefaults = 0x04;
    private const short SetSignalMask = 0x08;
    private const short NewSessionLinux = 0x80;
    private const short NewSessionMac = 0x400;
    private const int ReadWrite = 2;

    private static ReadOnlySpan<byte> NullDevice => "/dev/null\0"u8;

    /// <summary>Starts a program. Gives the process id, or the error number of what failed in between.</summary>
    public static (int Pid, int Error) Spawn(SpawnRequest request)
    {
        byte* actions = stackalloc byte[RoomForStructure];
        byte* attributes = stackalloc byte[RoomForStructure];
        _ = LibC.InitActions(actions);
        _ = LibC.InitAttributes(attributes);
        try
        {
            SetAttributes(attributes);
            return Start(request, actions, attributes);
        }
        finally
        {
            _ = LibC.DestroyAttributes(attributes);
            _ = LibC.DestroyActions(actions);
        }
    }

    private static (int Pid, int Error) Start(SpawnRequest request, byte* actions, byte* attributes)
    {
        using var arguments = new NativeStrings(request.Arguments);
        using var environment = new NativeStrings(request.Environment.Select(pair => $"{pair.Key}={pair.Value}"));
        fixed (byte* path = Terminated(request.Path), directory = Terminated(request.WorkingDirectory), nowhere = NullDevice)
        {
            Connect(actions, 0, request.Input, nowhere);
            Connect(actions, 1, request.Output, nowhere);
            Connect(actions, 2, request.Error, nowhere);
            _ = LibC.AddChangeDirectory(actions, directory);
            int pid;
            int error = LibC.Spawn(&pid, path, actions, attributes, arguments.Pointer, environment.Pointer);
            return error == 0 ? (pid, 0) : (0, error);
        }
    }

    // The runtime ignores SIGPIPE, and what is ignored stays ignored after exec: a job would see odd behaviour that it sees nowhere else.
    private static void SetAttributes(byte* attributes)
    {
        byte* signals = stackalloc byte[RoomForStructure];
        _ = LibC.FillSet(signals);
        _ = LibC.SetDefaultSignals(attributes, signals);
        _ = LibC.EmptySet(signals);
        _ = LibC.SetSignalMask(attributes, signals);
        short session = OperatingSystem.IsMacOS() ? NewSessionMac : NewSessionLinux;
        _ = LibC.SetFlags(attributes, (short)(SetSignalDefaults | SetSignalMask | session));
    }

    private static void Connect(byte* actions, int target, SafeHandle? source, byte* nowhere)
    {
        if (source is null) _ = LibC.AddOpen(actions, target, nowhere, ReadWrite, 0);
        else _ = LibC.AddDuplicate(actions, (int)source.DangerousGetHandle(), target);
    }

    private static byte[] Terminated(string text) => [.. Encoding.UTF8.GetBytes(text), 0];
}

/// <summary>What <see cref="Spawner"/> starts.</summary>
internal sealed record SpawnRequest
{
    /// <summary>The program's file; relative paths count from <see cref="WorkingDirectory"/>.</summary>
    public required string Path { get; init; }

    /// <summary>The arguments, the program's own name first.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The whole environment.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Where it starts.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Its standard input; null for the null device.</summary>
    public SafeHandle? Input { get; init; }

    /// <summary>Its standard output; null for the null device.</summary>
    public SafeHandle? Output { get; init; }

    /// <summary>Its standard error; null for the null device.</summary>
    public SafeHandle? Error { get; init; }
}
