using System.Data.Common;
using Dapper;

namespace OpenAIProxy.BillingService.Ledger.Storage;

/// <summary>A write that leaves nothing, by which a ledger that took none shows that it does again.</summary>
internal static class LedgerProbe
{
    // No batch has it: theirs are of version 7.
    private static readonly byte[] Id = new byte[16];

    /// <summary>Checks the version of the tables, and, if asked to, writes and deletes a row.</summary>
    public static async Task RunAsync(DbConnection connection, DbTransaction transaction, bool write, CancellationToken cancellationToken)
    {
        await Migrations.CheckAsync(connection, transaction, cancellationToken);
        if (!write)
        {
            return;
        }

        const string Delete = "DELETE FROM usage_batch WHERE id = @Id";
        foreach (var sql in (string[])[Delete, "INSERT INTO usage_batch (id, taken) VALUES (@Id, 0)", Delete])
        {
            await connection.ExecuteAsync(new CommandDefinition(sql, new { Id }, transaction, cancellationToken: cancellationToken));
        }

        await transaction.CommitAsync(cancellationToken);
    }
}
