using OpenAIProxy.Contracts;
using OpenAIProxy.Usage;

namespace OpenAIProxy.TestKit.Journals;

/// <summary>Usage that a billing service has refused, as a gateway keeps it.</summary>
public static class RefusedUsage
{
    /// <summary>Puts one call into the files that are set aside in <paramref name="journal"/>. Returns the id of its key.</summary>
    public static string Write(string journal)
    {
        var key = KeyId.Of("fk-refused").Value;
        using var rig = JournalRig.Start();
        var call = JournalRig.Call() with { Key = key };
        rig.Journal.End(rig.Journal.Begin(call), new UsageRecord
        {
            Id = call.Id,
            Started = call.Started,
            Key = key,
            Endpoint = call.Endpoint,
            RequestedModel = call.RequestedModel,
            Status = 200,
            Duration = 1234,
            FirstToken = 56,
            Lines = [JournalRig.Line()],
        });
        rig.Keeper.Flush();
        var aside = Directory.CreateDirectory(Path.Combine(journal, "refused")).FullName;
        foreach (var file in Directory.GetFiles(rig.Root, "*.ready", SearchOption.AllDirectories))
        {
            File.Copy(file, Path.Combine(aside, Path.GetFileNameWithoutExtension(file) + ".refused"));
        }

        return key;
    }
}
