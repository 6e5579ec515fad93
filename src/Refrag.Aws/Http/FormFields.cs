using System.Text;

namespace Refrag.Aws;

/// <summary>Form fields, as the query protocols write them.</summary>
internal static class FormFields
{
    public static byte[] Write(IEnumerable<(string Name, string Value)> fields) =>
        Encoding.ASCII.GetBytes(string.Join('&', fields.Select(f => $"{Uri.EscapeDataString(f.Name)}={Uri.EscapeDataString(f.Value)}")));
}
