using System.Collections.Frozen;
using OpenAIProxy.Gateway.Paths;

namespace OpenAIProxy.Gateway.Access;

/// <summary>
/// What the operator's key doesn't open to others: the account behind it, and what would be used past the gateway. The operator opens paths
/// by name (<c>Access:AccountPaths</c>).
/// </summary>
internal sealed class AccountPaths(AccessSettings settings)
{
    private static readonly FrozenDictionary<string, ClosedPath[]>.AlternateLookup<ReadOnlySpan<char>> Families =
        AccountPathTable.Closed.GroupBy(p => p.Family, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(g => g.Key, g => g.ToArray(), StringComparer.OrdinalIgnoreCase)
            .GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly ClosedPath[] _opened = [.. settings.AccountPaths.Select(ClosedPath.Account)];

    /// <summary>Why a request with the operator's key goes no further; null if it does.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="isSocket">True for the opening of a WebSocket, whose messages are counted.</param>
    /// <param name="path">Its path in the normal form.</param>
    public Refusal? Check(string method, bool isSocket, string path)
        => Find(!isSocket && method is not ("GET" or "HEAD" or "DELETE" or "OPTIONS"), path, _opened, out _)?.Reason;

    /// <summary>A path of the setting, from its family on; null if it is not one that is closed.</summary>
    internal static string? Opened(string path)
        => RequestPath.Of(path) is { IsPlain: true } read && Find(makes: true, read.Value, [], out var family) is not null ? family.ToString() : null;

    private static ClosedPath? Find(bool makes, ReadOnlySpan<char> path, ClosedPath[] opened, out ReadOnlySpan<char> family)
    {
        // At the root, and after whatever a server has before its API: /openai, /api/v1.
        var begins = true;
        while (true)
        {
            family = path;
            if (!PathSegments.TryCut(ref path, out var segment))
            {
                return null;
            }

            if (begins && Families.TryGetValue(segment, out var closed))
            {
                foreach (var one in closed)
                {
                    if (one.Closes(makes, family) && !IsOpen(family, opened))
                    {
                        return one;
                    }
                }
            }

            begins = IsPreamble(segment);
        }
    }

    private static bool IsOpen(ReadOnlySpan<char> path, ClosedPath[] opened)
    {
        foreach (var one in opened)
        {
            if (one.IsAtOrAbove(path))
            {
                return true;
            }
        }

        return AccountPathTable.IsModelCall(path);
    }

    // v1, v1beta, v2
    private static bool IsPreamble(ReadOnlySpan<char> segment)
        => segment is ['v' or 'V', >= '0' and <= '9', ..]
            || segment.Equals("openai", StringComparison.OrdinalIgnoreCase)
            || segment.Equals("api", StringComparison.OrdinalIgnoreCase);
}
