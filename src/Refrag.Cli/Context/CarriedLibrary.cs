using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Refrag.Cli.Context;

/// <summary>
/// SQLite's library inside a native build, so that the program is one file. It is loaded from memory; where the system has no files in
/// memory, from a file that is removed at once.
/// </summary>
internal static partial class CarriedLibrary
{
    private const string Name = "e_sqlite3";
    private const string Resource = "native/e_sqlite3";
    private const uint CloseOnExec = 1;
    private const int DoNotNeed = 4;

    private static int s_isRegistered;

    /// <summary>
    /// Makes it known to the runtime, once in a process; looks for nothing yet. In a build for the .NET runtime the library lies beside the
    /// program, as it does without the resource.
    /// </summary>
    public static void Register()
    {
        if (RuntimeFeature.IsDynamicCodeSupported || Interlocked.Exchange(ref s_isRegistered, 1) == 1) return;
        NativeLibrary.SetDllImportResolver(
            typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly,
            static (name, _, _) => name == Name ? s_handle.Value : IntPtr.Zero);
    }

    private static readonly Lazy<IntPtr> s_handle = new(Load);

    private static IntPtr Load()
    {
        using Stream? carried = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource);
        if (carried is null) return IntPtr.Zero;
        return InMemory(carried) ?? FromFile(carried);
    }

    private static IntPtr? InMemory(Stream carried)
    {
        if (!OperatingSystem.IsLinux()) return null;
        int descriptor = Descriptor();
        if (descriptor < 0) return null;
        using var file = new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Write);
        carried.CopyTo(file);
        file.Flush();
        GiveBack(carried);
        return NativeLibrary.TryLoad($"/proc/self/fd/{descriptor}", out IntPtr library) ? library : null;
    }

    // The program's own copy is not read again, so its pages need not stay in memory; they come back from the file if it is.
    private static unsafe void GiveBack(Stream carried)
    {
        if (carried is not UnmanagedMemoryStream memory) return;
        memory.Position = 0;
        nint begin = (nint)memory.PositionPointer, page = Environment.SystemPageSize;
        nint first = (begin + page - 1) / page * page, end = (begin + (nint)memory.Length) / page * page;
        if (first < end) _ = Advise(first, end - first, DoNotNeed);
    }

    // Negative if the C library is too old for it (glibc before 2.27), or the system refuses.
    private static int Descriptor()
    {
        try
        {
            return MemoryFile(Name, CloseOnExec);
        }
        catch (EntryPointNotFoundException)
        {
            return -1;
        }
    }

    private static IntPtr FromFile(Stream carried)
    {
        carried.Position = 0;
        DirectoryInfo folder = Directory.CreateTempSubdirectory("refrag-");
        try
        {
            string path = Path.Combine(folder.FullName, Name);
            using (FileStream file = File.Create(path)) carried.CopyTo(file);
            return NativeLibrary.Load(path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nint length, int advice);
}
