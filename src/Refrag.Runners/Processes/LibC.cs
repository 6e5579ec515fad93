using System.Runtime.InteropServices;

namespace Refrag.Runners.Processes;

/// <summary>The few calls of the C library that .NET has no equivalent for.</summary>
internal static unsafe partial class LibC
{
    internal const int SigKill = 9;
    internal const int SigTerm = 15;
    internal const int NoSuchFile = 2;
    internal const int PermissionDenied = 13;
    internal const int NotADirectory = 20;
    internal const int ExecFormatError = 8;
    internal const int MayExecute = 1;
    internal const int MayWrite = 2;

    /// <summary>The lowest number of a process that is not the machine's or the container's first.</summary>
    internal const int FirstOrdinaryPid = 2;

    // Linux, all architectures that .NET knows.
    internal const int ReadOnlyClosedOnExec = 0x80000;
    internal const int WriteOnlyClosedOnExec = 0x80001;
    internal const uint MemoryFileClosedOnExec = 1;
    internal const int FromCurrentDirectory = -100;
    internal const int WithLinkCount = 0x4;
    internal const int WithFileNumber = 0x100;

    private const string Name = "libc";

    [LibraryImport(Name, EntryPoint = "posix_spawn")]
    internal static partial int Spawn(int* pid, byte* path, void* actions, void* attributes, byte** arguments, byte** environment);

    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_init")]
    internal static partial int InitActions(void* actions);

    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_destroy")]
    internal static partial int DestroyActions(void* actions);

    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_adddup2")]
    internal static partial int AddDuplicate(void* actions, int from, int to);

    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_addopen")]
    internal static partial int AddOpen(void* actions, int descriptor, byte* path, int flags, uint mode);

    // "np": not in POSIX before 2024; glibc 2.29, musl 1.1.24 and macOS 10.15 have it.
    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_addchdir_np")]
    internal static partial int AddChangeDirectory(void* actions, byte* path);

    [LibraryImport(Name, EntryPoint = "posix_spawnattr_init")]
    internal static partial int InitAttributes(void* attributes);

    [LibraryImport(Name, EntryPoint = "posix_spawnattr_destroy")]
    internal static partial int DestroyAttributes(void* attributes);

    [LibraryImport(Name, EntryPoint = "posix_spawnattr_setflags")]
    internal static partial int SetFlags(void* attributes, short flags);

    [LibraryImport(Name, EntryPoint = "posix_spawnattr_setsigdefault")]
    internal static partial int SetDefaultSignals(void* attributes, void* signals);

    [LibraryImport(Name, EntryPoint = "posix_spawnattr_setsigmask")]
    internal static partial int SetSignalMask(void* attributes, void* signals);

    [LibraryImport(Name, EntryPoint = "umask")]
    internal static partial uint SetUmask(uint mask);

    [LibraryImport(Name, EntryPoint = "sigemptyset")]
    internal static partial int EmptySet(void* signals);

    [LibraryImport(Name, EntryPoint = "sigfillset")]
    internal static partial int FillSet(void* signals);

    /// <summary>
    /// Sends a signal to a process, or with a negative number to a process group. Never to more than that, nor to the first process:
    /// kill(2) takes 0 for the caller's own group and -1 for everything, and a number comes from files that anything may have written to.
    /// </summary>
    internal static int Kill(int target, int signal) =>
        target is (> -FirstOrdinaryPid and < FirstOrdinaryPid) or int.MinValue ? -1 : SendSignal(target, signal);

    [LibraryImport(Name, EntryPoint = "kill")]
    private static partial int SendSignal(int target, int signal);

    [LibraryImport(Name, EntryPoint = "waitid", SetLastError = true)]
    internal static partial int WaitId(int idType, uint id, int* info, int options);

    [LibraryImport(Name, EntryPoint = "fallocate", SetLastError = true)]
    internal static partial int Allocate(SafeHandle file, int mode, long offset, long length);

    [LibraryImport(Name, EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags);

    [LibraryImport(Name, EntryPoint = "read")]
    internal static partial nint Read(int descriptor, byte* buffer, nuint length);

    [LibraryImport(Name, EntryPoint = "write")]
    internal static partial nint Write(int descriptor, byte* bytes, nuint length);

    [LibraryImport(Name, EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int MakeMemoryFile(string name, uint flags);

    // The one call of the stat family whose structure is the same on all architectures. glibc has it since 2.28.
    [LibraryImport(Name, EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int StatX(int directory, string path, int flags, uint wanted, uint* answer);

    [LibraryImport(Name, EntryPoint = "close")]
    internal static partial int Close(int descriptor);

    [LibraryImport(Name, EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Access(string path, int mode);
}
