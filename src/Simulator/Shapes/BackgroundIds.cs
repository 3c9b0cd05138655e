using System.Text;

namespace OpenAIProxy.Simulator.Shapes;

/// <summary>Ids of background responses hold the model that was asked for, since nothing is stored.</summary>
internal static class BackgroundIds
{
    private const string Prefix = "resp_";

    public static string New(string model) => $"{Ids.New(Prefix)}{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(model))}";

    /// <summary>The model in an id; null if there is none.</summary>
    public static string? ModelOf(string id)
    {
        var start = Prefix.Length + Ids.Length;
        return id.Length > start && (id.Length - start) % 2 == 0 && id.Skip(start).All(char.IsAsciiHexDigitLower)
            ? Encoding.UTF8.GetString(Convert.FromHexString(id.AsSpan(start)))
            : null;
    }
}
