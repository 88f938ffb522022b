using System.Xml.Linq;
using Dapper;
using Laurel.Storage;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Laurel.App.Platform.Access;

/// <summary>
/// Keeps the keys that protect cookies and form tokens beside everything else, so that all nodes read each other's cookies and a
/// restored backup keeps people signed in. Whoever can read the database could sign in as anybody anyway.
/// </summary>
internal sealed class KeysInDatabase(Database database) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var connection = database.Read();
        return [.. connection.Query<string>("SELECT xml FROM data_protection_key ORDER BY id").Select(XElement.Parse)];
    }

    public void StoreElement(XElement element, string friendlyName) =>
        database.Write((c, t) => c.Execute(
            """
            INSERT INTO data_protection_key (id, xml) VALUES (@id, @xml)
            ON CONFLICT (id) DO UPDATE SET xml = @xml
            """,
            new { id = friendlyName, xml = element.ToString(SaveOptions.DisableFormatting) }, t));
}
