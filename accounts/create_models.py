"""Many tables in one step of a migration."""

from django.db.migrations.operations.base import Operation


class CreateModels(Operation):
    """The `CreateModel` operations of a migration as one.

    After each operation Django makes the classes of the new model, and of all models that it is
    tied to, anew: of a hundred tables that takes longer than the tables themselves. Here they are
    made once. A table may name those that follow it, if the database ties them only at the end.
    """

    reduces_to_sql = True

    def __init__(self, operations):
        self.operations = operations

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)  # what is not there is not made anew
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return f"Create {len(self.operations)} models"

    def references_model(self, name, app_label):
        return any(each.references_model(name, app_label) for each in self.operations)
