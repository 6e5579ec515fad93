using System.Runtime.InteropServices;
using System.Text;

namespace Refrag.Runners.Processes;

/// <summary>A null-terminated array of C strings, freed with the object.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private readonly List<nint> _strings = [];

    public NativeStrings(IEnumerable<string> values)
    {
        _strings.AddRange(values.Select(Copy));
        Pointer = (byte**)NativeMemory.AllocZeroed((nuint)_strings.Count + 1, (nuint)sizeof(byte*));
        for (int i = 0; i < _strings.Count; i++) Pointer[i] = (byte*)_strings[i];
    }

    /// <summary>The array as the C library takes it.</summary>
    public byte** Pointer { get; }

    public void Dispose()
    {
        foreach (nint text in _strings) NativeMemory.Free((void*)text);
        _strings.Clear();
        NativeMemory.Free(Pointer);
    }

    /// <summary>One C string; the caller frees it with <see cref="NativeMemory.Free"/>.</summary>
    private static nint Copy(string value)
    {
        int length = Encoding.UTF8.GetByteCount(value);
        byte* text = (byte*)NativeMemory.Alloc((nuint)length + 1);
        Encoding.UTF8.GetBytes(value, new Span<byte>(text, length));
        text[length] = 0;
        return (nint)text;
    }
}
