using System.Reflection;
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

    /// <summary>Makes it known to the runtime; loads nothing yet. Without the resource the library lies beside the program.</summary>
    public static void Register()
    {
        if (Assembly.GetExecutingAssembly().GetManifestResourceInfo(Resource) is null) return;
        NativeLibrary.SetDllImportResolver(
            typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly,
            static (name, _, _) => name == Name ? s_handle.Value : IntPtr.Zero);
    }

    private static readonly Lazy<IntPtr> s_handle = new(Load);

    private static IntPtr Load()
    {
        using Stream carried = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!;
        return InMemory(carried) ?? FromFile(carried);
    }

    private static IntPtr? InMemory(Stream carried)
    {
        if (!OperatingSystem.IsLinux()) return null;
        int descriptor = MemoryFile(Name, CloseOnExec);
        if (descriptor < 0) return null;
        using var file = new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Write);
        carried.CopyTo(file);
        file.Flush();
        return NativeLibrary.TryLoad($"/proc/self/fd/{descriptor}", out IntPtr library) ? library : null;
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
}
