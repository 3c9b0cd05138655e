using System.Data.Common;
using Dapper;

namespace OpenAIProxy.BillingService.Ledger.Storage;

/// <summary>A write that leaves nothing, by which a ledger that took none shows that it does again.</summary>
internal static class LedgerProbe
{
    // No batch has it: theirs are of version 7.
    private static readonly byte[] Id = new byte[16];

    public static async Task WriteAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
    {
        foreach (var sql in (string[])["DELETE FROM usage_batch WHERE id = @Id", "INSERT INTO usage_batch (id, taken) VALUES (@Id, 0)", "DELETE FROM usage_batch WHERE id = @Id"])
        {
            await connection.ExecuteAsync(new CommandDefinition(sql, new { Id }, transaction, cancellationToken: cancellationToken));
        }
    }
}
