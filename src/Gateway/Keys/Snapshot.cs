using System.Text.Json;
using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;
using OpenAIProxy.Gateway.Access;

namespace OpenAIProxy.Gateway.Keys;

/// <summary>The managed keys as of one version.</summary>
/// <param name="Version">The version.</param>
/// <param name="Keys">The keys that can be put in force.</param>
/// <param name="Refused">How many have rules that this release doesn't know or can't use: they open nothing.</param>
internal sealed record Snapshot(long Version, IReadOnlyList<AccessKey> Keys, int Refused)
{
    /// <summary>Reads what the billing service answered.</summary>
    /// <exception cref="JsonException">It is no snapshot.</exception>
    public static Snapshot Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty(KeySnapshot.Version, out var number) || number.ValueKind != JsonValueKind.Number || !number.TryGetInt64(out var version)
            || !root.TryGetProperty(KeySnapshot.Keys, out var items) || items.ValueKind != JsonValueKind.Array)
        {
            throw new JsonException("It is no snapshot of access keys.");
        }

        var keys = new List<AccessKey>();
        var refused = 0;
        foreach (var item in items.EnumerateArray())
        {
            if (ReadKey(item) is { } key)
            {
                keys.Add(key);
            }
            else
            {
                refused++;
            }
        }

        return new Snapshot(version, keys, refused);
    }

    // A key without one of its rules would open too much.
    private static AccessKey? ReadKey(JsonElement item)
    {
        try
        {
            var record = item.Deserialize<AccessKeyRecord>(AccessKeyJson.Options);
            return record is not null && KeyId.IsId(record.Id) && record.Secrets.All(secret => secret is not null && AccessKeyFields.IsSha256(secret.Sha256))
                && !AccessKeyFields.Wrong(record).Any() ? new AccessKey(null, record) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
